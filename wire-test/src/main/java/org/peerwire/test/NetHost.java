/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/** One host of a {@link TestSwarm}: its access and its open connections. */
final class NetHost {
    private static final int FIRST_PORT = 49_152;
    private static final int PORTS = 65_536 - FIRST_PORT;

    private final InetSocketAddress address;
    private final HostLink link;
    private final AccessLink upload;
    private final AccessLink download;
    private final Set<MemoryChannel> ends = new LinkedHashSet<>();
    private int dials;
    private boolean off;
    private boolean silent;

    NetHost(InetSocketAddress address, HostLink link, Scheduler clock, int packet) {
        this.address = address;
        this.link = link;
        this.upload = new AccessLink(clock, link.upload(), packet);
        this.download = new AccessLink(clock, link.download(), packet);
    }

    InetSocketAddress address() {
        return address;
    }

    HostLink link() {
        return link;
    }

    AccessLink upload() {
        return upload;
    }

    AccessLink download() {
        return download;
    }

    /** Returns the address of the next connection that this host dials. */
    InetSocketAddress nextPort() {
        return new InetSocketAddress(address.getAddress(), FIRST_PORT + dials++ % PORTS);
    }

    /** Counts an end until it is closed. */
    void add(MemoryChannel end) {
        ends.add(end);
        end.closeFuture().addListener(closed -> ends.remove(end));
    }

    int connections() {
        return ends.size();
    }

    boolean isOff() {
        return off;
    }

    boolean answers() {
        return !off && !silent;
    }

    /** Resets all connections. */
    void cut() {
        off = true;
        new ArrayList<>(ends).forEach(MemoryChannel::reset);
    }

    /** Holds back all bytes in both directions. */
    void silence() {
        silent = true;
        upload.pause(true);
        download.pause(true);
    }

    void restart() {
        off = false;
        silent = false;
        upload.pause(false);
        download.pause(false);
    }
}
