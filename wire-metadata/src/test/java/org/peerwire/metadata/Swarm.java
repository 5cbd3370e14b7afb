/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.MetadataAssembler.Request;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;

/** A group of peers with different behaviour around one assembler. The clock advances when no request is left. */
final class Swarm {

    /** The behaviour of a peer. */
    interface Manners {
        /** Returns a data message, a reject, or null for silence. */
        @Nullable
        MetadataMessage answer(int piece);
    }

    final MetadataAssembler<String> assembler;
    final List<Request<String>> log = new ArrayList<>();
    final Map<MetadataIgnored, Long> ignored = new EnumMap<>(MetadataIgnored.class);
    final Map<String, Manners> peers = new LinkedHashMap<>();
    boolean moreToCome;
    long now = 1_000_000;

    Swarm(byte[] info) {
        this(info, MetadataOptions.defaults());
    }

    Swarm(byte[] info, MetadataOptions options) {
        InfoHashes hashes = InfoHashes.of(InfoHashes.sha1(info));
        assembler = new MetadataAssembler<>(
                options, hashes::matches, (peer, kind) -> ignored.merge(kind, 1L, Long::sum), now);
    }

    Swarm add(String name, long size, Manners manners) {
        peers.put(name, manners);
        assembler.join(name, now);
        assembler.claim(name, size, now);
        return this;
    }

    static Manners honest(byte[] info) {
        return piece -> data(info, piece);
    }

    static Manners silent() {
        return piece -> null;
    }

    static Manners rejecting() {
        return MetadataMessage.Reject::new;
    }

    static Data data(byte[] info, int piece) {
        int from = piece * MetadataMessage.PIECE_LENGTH;
        return new Data(
                piece, info.length, Arrays.copyOfRange(info, from, from + MetadataMessage.length(info.length, piece)));
    }

    /** Answers one round of requests. Returns false if there was no request. */
    boolean round() {
        List<Request<String>> requests = assembler.requests(now);
        log.addAll(requests);
        requests.forEach(this::answer);
        return !requests.isEmpty();
    }

    void answer(Request<String> request) {
        Manners manners = peers.get(request.peer());
        MetadataMessage answer = manners == null ? null : manners.answer(request.piece());
        if (answer instanceof Data data) {
            assembler.data(request.peer(), data, now);
        } else if (answer instanceof MetadataMessage.Reject reject) {
            assembler.reject(request.peer(), reject.piece(), now);
        }
    }

    /** Runs until the fetch is over. Returns the result, or null after a failure. */
    byte @Nullable [] run() {
        while (assembler.result() == null && failure() == null) {
            if (!round()) {
                now += 1_000;
            }
        }
        return assembler.result();
    }

    @Nullable
    Reason failure() {
        return assembler.failure(moreToCome, now);
    }

    long elapsed() {
        return now - 1_000_000;
    }

    List<Integer> asked(String peer) {
        return log.stream()
                .filter(request -> request.peer().equals(peer))
                .map(Request::piece)
                .toList();
    }
}
