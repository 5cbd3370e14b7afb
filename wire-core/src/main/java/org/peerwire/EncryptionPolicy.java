/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.List;
import java.util.Set;

/**
 * The use of message stream encryption (MSE, also called protocol encryption) when wires are opened. Immutable.
 *
 * <p><b>This is obfuscation, not security.</b> It hides the protocol from a network that only inspects packets, and it
 * reaches peers that accept nothing else. It does not authenticate the peer, and RC4 is broken. A man in the middle can
 * undo it and change the bytes. Any host with the info hash can detect that a server speaks it. For security use TLS:
 * {@link WireClient#tcp}.
 *
 * <p>The default of a client is {@link #PREFER_PLAINTEXT}: a plain wire costs no encryption, and the second dial
 * reaches the peers that refuse plain connections. The default of a server is {@link #PLAINTEXT_ONLY}, because
 * encryption needs the torrents; set another policy together with {@link EncryptionKeys}.
 */
public final class EncryptionPolicy {
    /** Neither dials nor accepts encryption. */
    public static final EncryptionPolicy PLAINTEXT_ONLY =
            new EncryptionPolicy("PLAINTEXT_ONLY", true, false, false, List.of(), List.of(), false);

    /**
     * Dials plain and, if the peer refuses that, once more with encryption. Accepts both. After an encrypted handshake
     * it chooses plaintext if that is offered, else RC4.
     */
    public static final EncryptionPolicy PREFER_PLAINTEXT = new EncryptionPolicy(
            "PREFER_PLAINTEXT",
            true,
            true,
            false,
            List.of(EncryptionMethod.PLAINTEXT, EncryptionMethod.RC4),
            List.of(EncryptionMethod.PLAINTEXT, EncryptionMethod.RC4),
            false);

    /**
     * Dials with encryption and, if the peer does not speak that, once more plain. Offers RC4 only, because most peers
     * choose plaintext if they can. Accepts both. After an encrypted handshake it chooses RC4 if that is offered, else
     * plaintext.
     */
    public static final EncryptionPolicy PREFER_ENCRYPTED = new EncryptionPolicy(
            "PREFER_ENCRYPTED",
            true,
            true,
            true,
            List.of(EncryptionMethod.RC4),
            List.of(EncryptionMethod.RC4, EncryptionMethod.PLAINTEXT),
            false);

    /** Requires RC4: neither dials nor accepts plain connections. */
    public static final EncryptionPolicy REQUIRE = new EncryptionPolicy(
            "REQUIRE", false, true, true, List.of(EncryptionMethod.RC4), List.of(EncryptionMethod.RC4), false);

    private final String name;
    private final boolean plaintext;
    private final boolean encryption;
    private final boolean encryptionFirst;
    private final List<EncryptionMethod> offered;
    private final List<EncryptionMethod> accepted;
    private final boolean silent;

    private EncryptionPolicy(
            String name,
            boolean plaintext,
            boolean encryption,
            boolean encryptionFirst,
            List<EncryptionMethod> offered,
            List<EncryptionMethod> accepted,
            boolean silent) {
        this.name = name;
        this.plaintext = plaintext;
        this.encryption = encryption;
        this.encryptionFirst = encryptionFirst;
        this.offered = offered;
        this.accepted = accepted;
        this.silent = silent;
    }

    /**
     * Returns this policy with other methods after an encrypted handshake, both to offer and to choose from.
     *
     * @param bestFirst one or more distinct methods, the preferred one first
     * @throws IllegalArgumentException if there is no method, a method is repeated, or the policy has no encryption
     */
    public EncryptionPolicy withMethods(EncryptionMethod... bestFirst) {
        List<EncryptionMethod> methods = List.of(bestFirst);
        if (!encryption) {
            throw Ranges.failure("policy", "one with encryption", name);
        }
        if (methods.isEmpty() || Set.copyOf(methods).size() != methods.size()) {
            throw Ranges.failure("bestFirst", "one or more distinct methods", methods);
        }
        return new EncryptionPolicy(name, plaintext, encryption, encryptionFirst, methods, methods, silent);
    }

    /**
     * Returns this policy for a server that hides from probes. A connection with a wrong encrypted handshake, for
     * example with the key of an unknown torrent, is not closed at once. It gets no answer until
     * {@link WireOptions#handshakeTimeout()}, and occupies a connection for that time.
     */
    public EncryptionPolicy silent() {
        return new EncryptionPolicy(name, plaintext, encryption, encryptionFirst, offered, accepted, true);
    }

    /** Returns true if plain connections are dialled and accepted. */
    public boolean allowsPlaintext() {
        return plaintext;
    }

    /** Returns true if encrypted connections are dialled and accepted. */
    public boolean allowsEncryption() {
        return encryption;
    }

    /** Returns true if encryption is dialled first. The extended handshake announces it as {@code e}. */
    public boolean prefersEncryption() {
        return encryptionFirst;
    }

    /** Returns the methods that a client offers ({@code crypto_provide}). */
    public List<EncryptionMethod> offered() {
        return offered;
    }

    /** Returns the methods that a server chooses from, the preferred one first. */
    public List<EncryptionMethod> accepted() {
        return accepted;
    }

    /** Returns true if a wrong encrypted handshake gets no answer instead of a close. */
    public boolean isSilent() {
        return silent;
    }

    /** Returns the name of the constant and the offered methods. */
    @Override
    public String toString() {
        return encryption ? name + offered : name;
    }
}
