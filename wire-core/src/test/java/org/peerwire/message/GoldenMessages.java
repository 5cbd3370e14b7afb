/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.peerwire.message.Message.AllowedFast;
import org.peerwire.message.Message.Bitfield;
import org.peerwire.message.Message.Cancel;
import org.peerwire.message.Message.Choke;
import org.peerwire.message.Message.Extended;
import org.peerwire.message.Message.HashReject;
import org.peerwire.message.Message.HashRequest;
import org.peerwire.message.Message.Hashes;
import org.peerwire.message.Message.Have;
import org.peerwire.message.Message.HaveAll;
import org.peerwire.message.Message.HaveNone;
import org.peerwire.message.Message.Interested;
import org.peerwire.message.Message.KeepAlive;
import org.peerwire.message.Message.NotInterested;
import org.peerwire.message.Message.Piece;
import org.peerwire.message.Message.Port;
import org.peerwire.message.Message.RejectRequest;
import org.peerwire.message.Message.Request;
import org.peerwire.message.Message.SuggestPiece;
import org.peerwire.message.Message.Unchoke;
import org.peerwire.message.Message.Unknown;

/** The messages of the tests and their bytes, computed by an independent program. */
public final class GoldenMessages {

    /** A message and its bytes. */
    public record Golden(String name, String hex, Message message) {
        /** Returns the bytes with the prefix. */
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The handshake with the extension protocol, Fast, DHT and the upgrade to version 2. */
    public static final String HANDSHAKE = "13426974546f7272656e742070726f746f636f6c0000000000100015"
            + "0102030405060708090a0b0c0d0e0f1011121314" + "2d5257303030312d6162636465666768696a6b6c";

    static final MerkleRoot ROOT = root("884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b");

    private static final BlockRequest BLOCK = new BlockRequest(1, 16_384, 16_384);
    private static final HashRange PIECE_LAYER = new HashRange(ROOT, 1, 0, 2, 1);
    private static final HashRange LEAVES = new HashRange(ROOT, 0, 4, 2, 2);
    private static final String PIECE_LAYER_HEX =
            "884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b00000001000000000000000200000001";
    private static final String LEAVES_HEX =
            "884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b00000000000000040000000200000002";
    private static final String PIECE_LAYER_HASHES = "1a1fb8144cac6f79b4f40c57031dc35f63b3c3f9fbe828413bc0d9210865d72a"
            + "729dd197ee4b3105b86eefb543fdc53def9abbd5a37d61c69efb12be4bf1fcce"
            + "f5594b052446af16bfe5f82c34193cf404753088e538bbbc2b6dfa5dae4e00ce";
    private static final String LEAF_HASHES = "10944ed516f1bb01d060f1933b80b67897983758a43f5c281404c133f0dc7f75"
            + "0000000000000000000000000000000000000000000000000000000000000000"
            + "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"
            + "8aa46b99f2907a2e06a12eed5ab6fcd5bd86bc7f49fe062eeaa78a4304b314eb";

    private GoldenMessages() {}

    /** Returns an example of every message of BEP 3, 5, 6, 9, 10, 11, 21, 52, 54 and 55. */
    public static List<Golden> all() {
        return List.of(
                golden("keep-alive", "00000000", new KeepAlive()),
                golden("choke", "0000000100", new Choke()),
                golden("unchoke", "0000000101", new Unchoke()),
                golden("interested", "0000000102", new Interested()),
                golden("not interested", "0000000103", new NotInterested()),
                golden("have 4660", "000000050400001234", new Have(4660)),
                golden("have 42", "00000005040000002a", new Have(42)), // case 10
                golden("bitfield", "0000000305a040", new Bitfield(PieceSet.of(10, 0, 2, 9))),
                golden("bitfield with spare bit", "0000000305a060", new Bitfield(PieceSet.of(16, 0, 2, 9, 10))),
                golden("full bitfield", "0000000305ffc0", new Bitfield(PieceSet.all(10))),
                golden("empty bitfield", "0000000105", new Bitfield(PieceSet.empty())),
                golden("request", "0000000d06000000010000400000004000", new Request(BLOCK)),
                golden("piece", "0000000e070000000100004000626c6f636b", new Piece(1, 16_384, text("block"))),
                golden("piece of one byte", "0000000a070000000100004000ff", new Piece(1, 16_384, hex("ff"))), // case 17
                golden("piece without bytes", "00000009070000000100004000", new Piece(1, 16_384, hex(""))),
                golden(
                        "piece of 16 KiB",
                        "00004009070000000100004000" + "5a".repeat(16_384),
                        new Piece(1, 16_384, hex("5a".repeat(16_384)))),
                golden("cancel", "0000000d08000000010000400000004000", new Cancel(BLOCK)),
                golden("port 6881", "00000003091ae1", new Port(6881)),
                golden("port aabb", "0000000309aabb", new Port(0xaabb)), // case 11
                golden("suggest", "000000050d00000007", new SuggestPiece(7)),
                golden("have all", "000000010e", new HaveAll()),
                golden("have none", "000000010f", new HaveNone()),
                golden("reject", "0000000d10000000010000400000004000", new RejectRequest(BLOCK)),
                golden("allowed fast", "000000051100000423", new AllowedFast(1059)),
                golden(
                        "extended handshake",
                        "000000a8140064313a65693065313a6d6431313a6c745f646f6e746861766569376531313a75706c6f61645f6f6e6c"
                                + "7969336531323a75745f686f6c6570756e636869346531313a75745f6d65746164617461693265363a75"
                                + "745f7065786931656531333a6d657461646174615f73697a6569333132333565313a70693638383165343a"
                                + "726571716935303065313a7631303a72787769726520302e31363a796f75726970343a500404c865",
                        extended(
                                0,
                                "d1:ei0e1:md11:lt_donthavei7e11:upload_onlyi3e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pex"
                                        + "i1ee13:metadata_sizei31235e1:pi6881e4:reqqi500e1:v10:rxwire 0.16:yourip4:P"
                                        + "\4\4\u00c8e")),
                golden(
                        "extended handshake without pex",
                        "00000014140064313a6d64363a75745f7065786930656565",
                        extended(0, "d1:md6:ut_pexi0eee")),
                golden(
                        "extended handshake with IPv6",
                        "0000003d140064343a6970763631363a20010db8000000000000000000000001313a6d6465363a796f75726970"
                                + "31363a20010db800000000000000000000000265",
                        extended(
                                0,
                                "d4:ipv616: \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\0011:mde6:yourip16: \1\r\u00b8"
                                        + "\0\0\0\0\0\0\0\0\0\0\0\2e")),
                golden(
                        "extended handshake with upload_only",
                        "0000002b140064313a6d6431313a75745f6d657461646174616932656531313a75706c6f61645f6f6e6c7969316565",
                        extended(0, "d1:md11:ut_metadatai2ee11:upload_onlyi1ee")),
                golden("upload_only", "00000003140301", new Extended(3, hex("01"))),
                golden(
                        "metadata request",
                        "0000001b140264383a6d73675f74797065693065353a706965636569316565",
                        extended(2, "d8:msg_typei0e5:piecei1ee")),
                golden(
                        "metadata data",
                        "00003a32140264383a6d73675f74797065693165353a706965636569316531303a746f74616c5f73697a6569333132"
                                + "33356565" + "69".repeat(14_851),
                        extended(2, "d8:msg_typei1e5:piecei1e10:total_sizei31235ee" + "i".repeat(14_851))),
                golden(
                        "tiny metadata data",
                        "00000030140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a6569356565"
                                + "64313a6165",
                        extended(2, "d8:msg_typei1e5:piecei0e10:total_sizei5eed1:ae")),
                golden(
                        "metadata data with ee in a value",
                        "00000042140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a65693565353a"
                                + "75736572736c64313a61323a656565656564313a6165",
                        extended(2, "d8:msg_typei1e5:piecei0e10:total_sizei5e5:usersld1:a2:eeeeed1:ae")),
                golden(
                        "metadata reject",
                        "0000001b140264383a6d73675f74797065693265353a706965636569316565",
                        extended(2, "d8:msg_typei2e5:piecei1ee")),
                golden(
                        "pex",
                        "0000006e140164353a616464656431323ac00002011ae1c6336407c8d5373a61646465642e66323a1102363a61646465"
                                + "643631383a20010db80000000000000000000000011ae1383a6164646564362e66313a04373a64726f7070"
                                + "6564363acb0071090001383a64726f7070656436303a65",
                        extended(
                                1,
                                "d5:added12:\u00c0\0\2\1\32\u00e1\u00c63d\7\u00c8\u00d57:added.f2:\21\0026:added618: \1\r"
                                        + "\u00b8\0\0\0\0\0\0\0\0\0\0\0\1\32\u00e18:added6.f1:\0047:dropped6:\u00cb\0q\t\0"
                                        + "\0018:dropped60:e")),
                golden(
                        "minimal pex",
                        "0000001f140164353a6164646564363ac00002011ae1373a61646465642e66313a1265",
                        extended(1, "d5:added6:\u00c0\0\2\1\32\u00e17:added.f1:\22e")),
                golden(
                        "pex drop",
                        "00000015140164373a64726f70706564363ac00002011ae165",
                        extended(1, "d7:dropped6:\u00c0\0\2\1\32\u00e1e")),
                golden("lt_donthave", "00000006140700001234", new Extended(7, hex("00001234"))),
                golden(
                        "rendezvous",
                        "0000000e14040000c00002011ae100000000",
                        new Extended(4, hex("0000c00002011ae100000000"))),
                golden("short rendezvous", "0000000a14040000c00002011ae1", new Extended(4, hex("0000c00002011ae1"))),
                golden(
                        "connect",
                        "0000000e14040100c6336407c8d500000000",
                        new Extended(4, hex("0100c6336407c8d500000000"))),
                golden(
                        "holepunch error",
                        "0000000e14040200c00002011ae100000002",
                        new Extended(4, hex("0200c00002011ae100000002"))),
                golden(
                        "rendezvous IPv6",
                        "0000001a1404000120010db80000000000000000000000011ae100000000",
                        new Extended(4, hex("000120010db80000000000000000000000011ae100000000"))),
                golden(
                        "short rendezvous IPv6",
                        "000000161404000120010db80000000000000000000000011ae1",
                        new Extended(4, hex("000120010db80000000000000000000000011ae1"))),
                golden(
                        "holepunch error IPv6",
                        "0000001a1404020120010db80000000000000000000000011ae100000004",
                        new Extended(4, hex("020120010db80000000000000000000000011ae100000004"))),
                golden("extended without payload", "000000021407", new Extended(7, hex(""))),
                golden("hash request", "0000003115" + PIECE_LAYER_HEX, new HashRequest(PIECE_LAYER)),
                golden(
                        "hashes",
                        "0000009116" + PIECE_LAYER_HEX + PIECE_LAYER_HASHES,
                        new Hashes(PIECE_LAYER, hex(PIECE_LAYER_HASHES))),
                golden("hash request of leaves", "0000003115" + LEAVES_HEX, new HashRequest(LEAVES)),
                golden(
                        "hashes of leaves",
                        "000000b116" + LEAVES_HEX + LEAF_HASHES,
                        new Hashes(LEAVES, hex(LEAF_HASHES))),
                golden("hash reject", "0000003117" + PIECE_LAYER_HEX, new HashReject(PIECE_LAYER)),
                golden("unknown", "00000003ff0102", new Unknown(255, hex("0102"))),
                golden("unknown without payload", "000000010a", new Unknown(10, hex(""))));
    }

    private static Golden golden(String name, String hex, Message message) {
        return new Golden(name, hex, message);
    }

    private static Extended extended(int id, String latin1) {
        return new Extended(id, text(latin1));
    }

    private static ByteBuf text(String latin1) {
        return Unpooled.wrappedBuffer(latin1.getBytes(ISO_8859_1));
    }

    private static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits));
    }

    private static MerkleRoot root(String digits) {
        return MerkleRoot.of(HexFormat.of().parseHex(digits));
    }
}
