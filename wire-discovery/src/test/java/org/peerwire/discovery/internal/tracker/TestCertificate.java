/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/** A self-signed certificate from the keytool of this JDK: Netty's maker needs Bouncy Castle on newer JDKs. */
final class TestCertificate {
    private static final String PASSWORD = "password";

    private final KeyStore store;

    private TestCertificate(KeyStore store) {
        this.store = store;
    }

    /**
     * Creates a certificate.
     *
     * @param names the hosts, such as {@code dns:localhost,ip:127.0.0.1}
     */
    static TestCertificate of(Path folder, String names)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = Files.createTempDirectory(folder, "key").resolve("store.p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "test", "-dname", "CN=" + UUID.randomUUID(), "-keyalg", "EC"));
        command.addAll(List.of("-groupname", "secp256r1", "-validity", "2", "-ext"));
        command.addAll(List.of("san=" + names, "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + output);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TestCertificate(store);
    }

    /** Returns the side of a server that proves itself with this certificate. */
    SslContext server() throws GeneralSecurityException, SSLException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        return SslContextBuilder.forServer(keys).build();
    }

    /** Returns the side of a client that trusts this certificate, and no other. */
    SslContext client() throws GeneralSecurityException, SSLException {
        return SslContextBuilder.forClient()
                .trustManager((X509Certificate) store.getCertificate("test"))
                .build();
    }
}
