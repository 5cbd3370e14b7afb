/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

/**
 * Golden bytes of every message in the specifications, as hexadecimal digits. Use them with {@link PeerScript#sendHex}
 * and {@link MessageAssert#isEncodedAs}. Messages include their length prefix. The bytes were made without this
 * library.
 */
public final class Vectors {

    // ---- The handshake (BEP 3) ----

    /** A handshake without features: info hash 01 to 14, peer id {@code -RW0001-abcdefghijkl}. */
    public static final String HANDSHAKE =
            "13426974546f7272656e742070726f746f636f6c00000000000000000102030405060708090a0b0c0d0e0f1011121314"
                    + "2d5257303030312d6162636465666768696a6b6c";

    /** The same handshake with the extension protocol, Fast and DHT. */
    public static final String HANDSHAKE_EXTENDED_FAST_DHT =
            "13426974546f7272656e742070726f746f636f6c00000000001000050102030405060708090a0b0c0d0e0f1011121314"
                    + "2d5257303030312d6162636465666768696a6b6c";

    /** The same handshake with the version 2 upgrade, too. */
    public static final String HANDSHAKE_EXTENDED_FAST_DHT_V2 =
            "13426974546f7272656e742070726f746f636f6c00000000001000150102030405060708090a0b0c0d0e0f1011121314"
                    + "2d5257303030312d6162636465666768696a6b6c";

    // ---- Messages (BEP 3, BEP 5) ----

    /** A keep-alive. */
    public static final String KEEP_ALIVE = "00000000";

    /** A choke. */
    public static final String CHOKE = "0000000100";

    /** An unchoke. */
    public static final String UNCHOKE = "0000000101";

    /** An interested. */
    public static final String INTERESTED = "0000000102";

    /** A not interested. */
    public static final String NOT_INTERESTED = "0000000103";

    /** A have of piece 4,660. */
    public static final String HAVE = "000000050400001234";

    /** A bitfield of ten pieces: 0, 2 and 9. */
    public static final String BITFIELD = "0000000305a040";

    /** A bitfield of ten pieces with a spare bit set, which is not allowed. */
    public static final String BITFIELD_SPARE_BIT = "0000000305a060";

    /** A bitfield of ten pieces, all of them. */
    public static final String BITFIELD_FULL = "0000000305ffc0";

    /** A request for piece 1, offset 16,384, 16,384 bytes. */
    public static final String REQUEST = "0000000d06000000010000400000004000";

    /** A piece message: piece 1, offset 16,384, and the five bytes {@code block}. */
    public static final String PIECE = "0000000e070000000100004000626c6f636b";

    /** The start of a piece message: piece 1, offset 16,384; 16,384 bytes follow. */
    public static final String PIECE_HEADER = "00004009070000000100004000";

    /** A cancel of piece 1, offset 16,384, 16,384 bytes. */
    public static final String CANCEL = "0000000d08000000010000400000004000";

    /** A port: 6881. */
    public static final String PORT = "00000003091ae1";

    // ---- Fast extension (BEP 6) ----

    /** A suggest of piece 7. */
    public static final String SUGGEST_PIECE = "000000050d00000007";

    /** A have all. */
    public static final String HAVE_ALL = "000000010e";

    /** A have none. */
    public static final String HAVE_NONE = "000000010f";

    /** A reject of piece 1, offset 16,384, 16,384 bytes. */
    public static final String REJECT_REQUEST = "0000000d10000000010000400000004000";

    /** An allowed fast of piece 1,059. */
    public static final String ALLOWED_FAST = "000000051100000423";

    // ---- Extension protocol (BEP 10, BEP 21, BEP 54) ----

    /**
     * An extended handshake with all keys: {@code ut_pex} is 1, {@code ut_metadata} 2, {@code upload_only} 3,
     * {@code ut_holepunch} 4, {@code lt_donthave} 7; {@code metadata_size} is 31,235.
     */
    public static final String EXTENDED_HANDSHAKE =
            "000000a8140064313a65693065313a6d6431313a6c745f646f6e746861766569376531313a75706c6f61645f6f6e6c79"
                    + "69336531323a75745f686f6c6570756e636869346531313a75745f6d65746164617461693265363a75745f7065786931"
                    + "656531333a6d657461646174615f73697a6569333132333565313a70693638383165343a726571716935303065313a76"
                    + "31303a72787769726520302e31363a796f75726970343a500404c865";

    /** An extended handshake that withdraws {@code ut_pex}. */
    public static final String EXTENDED_HANDSHAKE_DISABLING_PEX = "00000014140064313a6d64363a75745f7065786930656565";

    /** An extended handshake with IPv6 addresses. */
    public static final String EXTENDED_HANDSHAKE_IPV6 =
            "0000003d140064343a6970763631363a20010db8000000000000000000000001313a6d6465363a796f7572697031363a"
                    + "20010db800000000000000000000000265";

    /** An extended handshake of a peer that downloads nothing more; {@code ut_metadata} is 2. */
    public static final String EXTENDED_HANDSHAKE_UPLOAD_ONLY =
            "0000002b140064313a6d6431313a75745f6d657461646174616932656531313a75706c6f61645f6f6e6c7969316565";

    /** An {@code upload_only} message with the number 3, of a peer that downloads nothing more. */
    public static final String UPLOAD_ONLY = "00000003140301";

    /** An {@code lt_donthave} of piece 4,660, with the number 7. */
    public static final String LT_DONTHAVE = "00000006140700001234";

    // ---- Metadata exchange (BEP 9), with the number 2 ----

    /** A request for piece 1. */
    public static final String METADATA_REQUEST = "0000001b140264383a6d73675f74797065693065353a706965636569316565";

    /** The start of the last piece, 1, of 31,235 bytes; 14,851 bytes follow. */
    public static final String METADATA_DATA_HEADER =
            "00003a32140264383a6d73675f74797065693165353a706965636569316531303a746f74616c5f73697a656933313233"
                    + "356565";

    /** Piece 0 of 5 bytes: {@code d1:ae}. */
    public static final String METADATA_DATA =
            "00000030140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a656935656564"
                    + "313a6165";

    /** The same piece with a key of lists and dictionaries, so {@code ee} occurs inside the header. */
    public static final String METADATA_DATA_USERS =
            "00000042140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a65693565353a"
                    + "75736572736c64313a61323a656565656564313a6165";

    /** A reject of piece 1. */
    public static final String METADATA_REJECT = "0000001b140264383a6d73675f74797065693265353a706965636569316565";

    // ---- Peer exchange (BEP 11), with the number 1 ----

    /** Adds 192.0.2.1:6881, 198.51.100.7:51413 and [2001:db8::1]:6881 with flags, drops 203.0.113.9:1. */
    public static final String PEX =
            "0000006e140164353a616464656431323ac00002011ae1c6336407c8d5373a61646465642e66323a1102363a61646465"
                    + "643631383a20010db80000000000000000000000011ae1383a6164646564362e66313a04373a64726f70706564363acb"
                    + "0071090001383a64726f7070656436303a65";

    /** Adds 192.0.2.1:6881 with the flags 12. */
    public static final String PEX_ADDED = "0000001f140164353a6164646564363ac00002011ae1373a61646465642e66313a1265";

    /** Drops 192.0.2.1:6881. */
    public static final String PEX_DROPPED = "00000015140164373a64726f70706564363ac00002011ae165";

    // ---- Hashes (BEP 52), of a file of 66,536 bytes ----

    /** A request for 2 hashes of layer 1 from index 0, with 1 layer of proof. */
    public static final String HASH_REQUEST =
            "0000003115884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b0000000100000000000000"
                    + "0200000001";

    /** The answer, with 2 hashes and 1 uncle. */
    public static final String HASHES =
            "0000009116884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b0000000100000000000000"
                    + "02000000011a1fb8144cac6f79b4f40c57031dc35f63b3c3f9fbe828413bc0d9210865d72a729dd197ee4b3105b86eef"
                    + "b543fdc53def9abbd5a37d61c69efb12be4bf1fccef5594b052446af16bfe5f82c34193cf404753088e538bbbc2b6dfa"
                    + "5dae4e00ce";

    /** A request for 2 hashes of layer 0 from index 4, with 2 layers of proof. */
    public static final String HASH_REQUEST_LEAVES =
            "0000003115884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b0000000000000004000000"
                    + "0200000002";

    /** The answer, with 2 hashes and 2 uncles. */
    public static final String HASHES_LEAVES =
            "000000b116884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b0000000000000004000000"
                    + "020000000210944ed516f1bb01d060f1933b80b67897983758a43f5c281404c133f0dc7f750000000000000000000000"
                    + "000000000000000000000000000000000000000000f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831"
                    + "a92759fb4b8aa46b99f2907a2e06a12eed5ab6fcd5bd86bc7f49fe062eeaa78a4304b314eb";

    /** A reject of the first request. */
    public static final String HASH_REJECT =
            "0000003117884e2538aa97b45e54dfb419d95244756ef6c95f4d087d4a09a45418b424f89b0000000100000000000000"
                    + "0200000001";

    private Vectors() {}
}
