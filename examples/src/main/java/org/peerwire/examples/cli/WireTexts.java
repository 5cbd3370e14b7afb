/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.peerwire.LocalPeer;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.HashRange;
import org.peerwire.message.Message;

/** Events of a wire as text. The names in it are those that the peer sent, shortened but not made plain. */
final class WireTexts {
    private static final int MAX_NAMES = 20;
    private static final int MAX_NAME_LENGTH = 40;
    private static final String DONT_HAVE = "lt_donthave";

    private WireTexts() {}

    static String opened(Wire wire) {
        String encryption = wire.encryption()
                .map(method -> switch (method) {
                    case RC4 -> "encrypted";
                    case PLAINTEXT -> "only the handshake encrypted";
                })
                .orElse("not encrypted");
        return "opened: " + (wire.initiator() ? "we dialled, " : "the peer dialled, ") + encryption + ", peer id "
                + wire.remote().peerId();
    }

    /** Returns one text for each flag that has changed. */
    static List<String> changes(PeerState before, PeerState now) {
        List<String> texts = new ArrayList<>();
        if (before.amChoking() != now.amChoking()) {
            texts.add(now.amChoking() ? "we choke the peer" : "we unchoke the peer");
        }
        if (before.amInterested() != now.amInterested()) {
            texts.add(now.amInterested() ? "we are interested" : "we are not interested");
        }
        if (before.peerChoking() != now.peerChoking()) {
            texts.add(now.peerChoking() ? "the peer chokes us" : "the peer unchokes us");
        }
        if (before.peerInterested() != now.peerInterested()) {
            texts.add(now.peerInterested() ? "the peer is interested" : "the peer is not interested");
        }
        return texts;
    }

    static String handshake(ExtendedHandshake handshake) {
        List<String> parts = new ArrayList<>();
        handshake.client().ifPresent(client -> parts.add("client \"" + client + "\""));
        parts.add(extensions(handshake));
        handshake.listenPort().ifPresent(port -> parts.add("listens on port " + port));
        handshake.requestQueue().ifPresent(length -> parts.add("queues " + Texts.count(length, "request")));
        return "extended handshake: " + String.join(", ", parts);
    }

    private static String extensions(ExtendedHandshake handshake) {
        int all = handshake.extensions().size();
        String names = handshake.extensions().keySet().stream()
                .sorted()
                .limit(MAX_NAMES)
                .map(name -> name.substring(0, Math.min(MAX_NAME_LENGTH, name.length())))
                .collect(Collectors.joining(" "));
        return all == 0
                ? "no extensions"
                : "extensions " + names + (all > MAX_NAMES ? " and " + (all - MAX_NAMES) + " more" : "");
    }

    /** Returns the type of a received message and its numbers. Does not touch the indices of its buffer. */
    static String message(Message message, LocalPeer receiver) {
        String type = message.type().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String numbers =
                switch (message.type()) {
                    case KEEP_ALIVE, CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE_ALL, HAVE_NONE -> "";
                    case HAVE -> unsigned(((Message.Have) message).piece());
                    case SUGGEST_PIECE -> unsigned(((Message.SuggestPiece) message).piece());
                    case ALLOWED_FAST -> unsigned(((Message.AllowedFast) message).piece());
                    case BITFIELD ->
                        Texts.count(((Message.Bitfield) message).pieces().cardinality(), "piece");
                    case REQUEST -> block(((Message.Request) message).block());
                    case CANCEL -> block(((Message.Cancel) message).block());
                    case REJECT_REQUEST -> block(((Message.RejectRequest) message).block());
                    case PIECE -> piece((Message.Piece) message);
                    case PORT -> String.valueOf(((Message.Port) message).port());
                    case EXTENDED -> extended((Message.Extended) message, receiver);
                    case HASH_REQUEST -> hashes(((Message.HashRequest) message).range());
                    case HASHES -> hashes(((Message.Hashes) message).range());
                    case HASH_REJECT -> hashes(((Message.HashReject) message).range());
                    case UNKNOWN -> unknown((Message.Unknown) message);
                };
        return numbers.isEmpty() ? type : type + " " + numbers;
    }

    private static String piece(Message.Piece piece) {
        return block(
                new BlockRequest(piece.piece(), piece.offset(), piece.data().readableBytes()));
    }

    private static String block(BlockRequest block) {
        return unsigned(block.piece()) + " offset " + unsigned(block.offset()) + " length " + unsigned(block.length());
    }

    private static String hashes(HashRange range) {
        return "layer " + unsigned(range.baseLayer()) + " index " + unsigned(range.index()) + " length "
                + unsigned(range.length()) + " proof " + unsigned(range.proofLayers());
    }

    private static String unknown(Message.Unknown message) {
        return message.id() + " length " + message.payload().readableBytes();
    }

    private static String extended(Message.Extended message, LocalPeer receiver) {
        return extension(
                        message.id(),
                        receiver.extensions().stream().map(Extension::name).toList()) + " length "
                + message.payload().readableBytes();
    }

    /** Returns the name of one of our extensions. A wire numbers them from 1 in order, and its own at the end. */
    private static String extension(int id, List<String> ours) {
        if (id == 0) {
            return "handshake";
        } else if (id <= ours.size()) {
            return ours.get(id - 1);
        }
        boolean isLast = id == ours.size() + 1 && !ours.contains(DONT_HAVE);
        return isLast ? DONT_HAVE : "with the unknown id " + id;
    }

    private static String unsigned(int number) {
        return Integer.toUnsignedString(number);
    }
}
