/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.metadata.Torrent;

/** Reads torrent files from real web servers on this machine. */
class WebTorrentsTest {
    @TempDir
    private Path temp;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Torrent torrent;

    @BeforeEach
    void start() throws Exception {
        torrent = TestData.torrent(TestData.folder(temp.resolve("things")));
        server = HttpServer.create(local(), 0);
        serve(server);
        server.createContext("/to", this::redirectTo);
        server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
        server.createContext("/file", exchange -> redirect(exchange, "file:///etc/passwd"));
        server.createContext("/page", exchange -> answer(exchange, 200, "<html>not found</html>".getBytes(UTF_8)));
        server.createContext("/gone", exchange -> answer(exchange, 404, new byte[0]));
        server.createContext("/endless", WebTorrentsTest::endless);
        server.createContext("/silent", WebTorrentsTest::silent);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void serve(HttpServer on) {
        on.setExecutor(threads);
        on.createContext("/x.torrent", exchange -> answer(exchange, 200, torrent.encode()));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        answer(exchange, 302, new byte[0]);
    }

    /** Redirects from /to/3 to /to/2 and so on, then to the torrent. */
    private void redirectTo(HttpExchange exchange) throws IOException {
        int left = Integer.parseInt(exchange.getRequestURI().getPath().substring("/to/".length()));
        redirect(exchange, left > 1 ? "/to/" + (left - 1) : "/x.torrent");
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            byte[] block = new byte[1024 * 1024];
            while (true) {
                body.write(block);
            }
        }
    }

    private static void silent(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 10);
        exchange.getResponseBody().flush();
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    private Torrent read(String url) throws IOException {
        return new WebTorrents(Duration.ofSeconds(20)).read(url);
    }

    private void assertFails(String url, String reason) {
        assertThatThrownBy(() -> read(url))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(url)
                .hasMessageContaining(reason);
    }

    @Test
    void aTorrentIsReadFromAServer() throws IOException {
        assertThat(read(url("/x.torrent"))).isEqualTo(torrent);
        assertThat(read(" " + url("/x.torrent") + "\n")).isEqualTo(torrent);
    }

    @Test
    void fiveRedirectsAreFollowedAndNoMore() throws IOException {
        assertThat(read(url("/to/5"))).isEqualTo(torrent);
        assertFails(url("/to/6"), "more than 5 redirects");
        assertFails(url("/loop"), "more than 5 redirects");
    }

    @Test
    void aRedirectToAnotherProtocolIsNotFollowed() {
        assertFails(url("/file"), "redirects to file:///etc/passwd, which is not followed");
    }

    @Test
    void theStatusOfARefusalIsTold() {
        assertFails(url("/gone"), "the server answered with status 404");
    }

    @Test
    void aPageIsNoTorrent() {
        assertFails(url("/page"), "is no torrent file");
    }

    @Test
    void anEndlessBodyIsReadUpToTheLimit() {
        assertFails(url("/endless"), "the torrent file must be at most 67108864 bytes");
    }

    @Test
    void aSilentServerHasALimitedTime() {
        assertThatThrownBy(() -> new WebTorrents(Duration.ofMillis(300)).read(url("/silent")))
                .hasMessageContaining("not received within 300 ms");
    }

    @Test
    void aRefusedConnectionAndAMalformedUrlAreToldInWords() {
        int port = server.getAddress().getPort();
        server.stop(0);
        assertFails("http://localhost:" + port + "/x.torrent", "connection refused");
        assertFails("http://", "is no torrent file");
        assertFails("http://a b/x.torrent", "is no torrent file");
    }

    @Test
    void anUntrustedCertificateIsRefused() throws Exception {
        HttpsServer secure = HttpsServer.create(local(), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        serve(secure);
        secure.start();

        assertFails(
                "https://localhost:" + secure.getAddress().getPort() + "/x.torrent",
                "the certificate of localhost is not trusted");
        secure.stop(0);
    }

    private SSLContext selfSigned() throws Exception {
        Path keys = temp.resolve("keys");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        "secret",
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        assertThat(made.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void aCommandTakesAUrlInPlaceOfAFile() {
        Cli page = Cli.run("download", url("/page"), "-o", temp.resolve("out"));

        assertThat(page.code()).isEqualTo(1);
        assertThat(page.err()).startsWith("peerwire download: " + url("/page") + " is no torrent file");
        assertThat(page.err().lines()).hasSize(1);

        Cli seed = Cli.run("seed", url("/gone"), "--data", temp.resolve("things"));

        assertThat(seed.err())
                .isEqualTo("peerwire seed: " + url("/gone") + ": the server answered with status 404"
                        + System.lineSeparator());
    }
}
