/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.List;
import java.util.Set;

/**
 * Whether wires are opened with message stream encryption (MSE, also called protocol encryption). Immutable.
 *
 * <p><b>This is obfuscation, not security.</b> It hides from a network that merely looks what is spoken, and reaches peers
 * that accept nothing else. It proves nobody's identity, anyone in the middle can undo it, anyone who knows the info hash
 * can find out that a server speaks it, RC4 is broken, and nothing is protected against change. For security dial through
 * TLS: {@link WireClient#tcp}.
 *
 * <p>A client begins with {@link #PREFER_PLAINTEXT} unless told otherwise: a wire costs what it did without encryption,
 * and the peers that refuse plain connections are reached by the second dial. A server cannot be encrypted before it
 * knows its torrents, so it begins with {@link #PLAINTEXT_ONLY}; give it one of the others with its
 * {@link EncryptionKeys}.
 */
public final class EncryptionPolicy {
    /** No encryption: neither offered nor understood. */
    public static final EncryptionPolicy PLAINTEXT_ONLY =
            new EncryptionPolicy("PLAINTEXT_ONLY", true, false, false, List.of(), List.of(), false);

    /**
     * Dials plain and, if the peer refuses that, once more with encryption. Accepts both; plaintext behind an encrypted
     * handshake if that is offered, else RC4.
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
     * Dials with encryption and, if the peer does not speak that, once more plain. Offers RC4 alone, because a peer that
     * may choose mostly chooses plaintext. Accepts both; RC4 if that is offered.
     */
    public static final EncryptionPolicy PREFER_ENCRYPTED = new EncryptionPolicy(
            "PREFER_ENCRYPTED",
            true,
            true,
            true,
            List.of(EncryptionMethod.RC4),
            List.of(EncryptionMethod.RC4, EncryptionMethod.PLAINTEXT),
            false);

    /** RC4 or nothing: no plain connection is dialled or accepted. */
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
     * The same with other methods behind an encrypted handshake, both when we offer and when we choose, the best first.
     *
     * @throws IllegalArgumentException if there is none, one comes twice, or the policy has no encryption
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
     * The same for a server that does not want to be recognized by who probes it: a connection whose encrypted handshake
     * goes wrong, such as with the key of none of our torrents, is not closed at once but left without an answer until
     * {@link WireOptions#handshakeTimeout()}. Costs a connection for so long.
     */
    public EncryptionPolicy silent() {
        return new EncryptionPolicy(name, plaintext, encryption, encryptionFirst, offered, accepted, true);
    }

    /** Whether plain connections are dialled and accepted. */
    public boolean allowsPlaintext() {
        return plaintext;
    }

    /** Whether encrypted handshakes are dialled and accepted. */
    public boolean allowsEncryption() {
        return encryption;
    }

    /** Whether an encrypted handshake is tried first; told to the peer as {@code e} in our extended handshake. */
    public boolean prefersEncryption() {
        return encryptionFirst;
    }

    /** What we offer when we dial ({@code crypto_provide}). */
    public List<EncryptionMethod> offered() {
        return offered;
    }

    /** What we choose from when we are dialled, the best first. */
    public List<EncryptionMethod> accepted() {
        return accepted;
    }

    /** Whether a wrong handshake is left without an answer instead of being closed. */
    public boolean isSilent() {
        return silent;
    }

    /** The name of the constant, and the methods. */
    @Override
    public String toString() {
        return encryption ? name + offered : name;
    }
}
