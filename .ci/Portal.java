/* SPDX-License-Identifier: MIT */
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A publishing portal on the loopback interface, for {@code release-check}. Accepts every upload and reports it valid.
 * Prints its address, and a line per upload to the error stream.
 */
final class Portal {
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/publisher/upload", exchange -> {
            long bytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            System.err.println("uploaded " + bytes + " bytes");
            answer(exchange, 201, "1");
        });
        server.createContext(
                "/api/v1/publisher/status", exchange -> answer(exchange, 200, "{\"deploymentState\":\"VALIDATED\"}"));
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
        System.out.close();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
