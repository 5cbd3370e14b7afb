/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an announce, with all numbers in range and all texts printable.
 *
 * @param interval the seconds to the next announce, 0 to 2³¹-1
 * @param minInterval the seconds in which no other announce may follow
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrackerAnswer(
        OptionalLong interval,
        OptionalLong minInterval,
        OptionalLong seeders,
        OptionalLong leechers,
        List<InetSocketAddress> peers,
        @Nullable String warning,
        @Nullable InetAddress externalAddress,
        byte @Nullable [] trackerId) {}
