/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** An HTTP server with files on the loopback interface. */
public final class WebServer implements Disposable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final int CHUNK = 16 * 1024;

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>>> handlers =
            new ConcurrentHashMap<>();

    /** The requests, as their path and range. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** The bytes of bodies that were taken from their source, to be sent. */
    public final AtomicLong taken = new AtomicLong();

    private volatile boolean servesRanges = true;
    private final DisposableServer server;

    public WebServer() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(this::handle)
                .bindNow();
    }

    /** Adds a file. The path is percent-encoded. */
    public WebServer file(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Adds an answer of its own. */
    public WebServer answer(String path, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        handlers.put(path, handler);
        return this;
    }

    /** Adds a redirect. */
    public WebServer redirect(String path, String location) {
        return answer(path, (request, response) -> response.status(302)
                .header("Location", location)
                .send());
    }

    /** Sends whole files from now on. */
    public WebServer withoutRanges() {
        servesRanges = false;
        return this;
    }

    /** Returns the URL of a path. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        String range = request.requestHeaders().get("Range");
        requests.add(request.uri() + " " + range);
        var handler = handlers.get(request.uri());
        if (handler != null) {
            return handler.apply(request, response);
        }
        byte[] file = files.get(request.uri());
        if (file == null) {
            return response.status(404).send();
        }
        Matcher found = RANGE.matcher(range == null ? "" : range);
        if (!servesRanges || !found.matches()) {
            return response.header("Content-Length", "" + file.length).send(body(file, 0, file.length));
        }
        int from = Integer.parseInt(found.group(1));
        int to = Integer.parseInt(found.group(2)) + 1;
        return response.status(206)
                .header("Content-Length", "" + (to - from))
                .header("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.length)
                .send(body(file, from, to));
    }

    private Flux<ByteBuf> body(byte[] file, int from, int to) {
        return Flux.generate(() -> from, (at, sink) -> {
            int length = Math.min(CHUNK, to - at);
            if (length == 0) {
                sink.complete();
            } else {
                taken.addAndGet(length);
                sink.next(Unpooled.copiedBuffer(file, at, length));
            }
            return at + length;
        });
    }

    @Override
    public void dispose() {
        server.disposeNow();
    }
}
