/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.server;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireFailure;
import org.peerwire.WireFailure.Stage;
import org.peerwire.internal.engine.OpenWire;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Loops;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.FutureMono;

/** One accepted connection: opened, handled and closed; its failure is reported once. */
@EventLoopOnly
final class Accepted {
    private final Channel channel;
    private final SocketAddress from;
    private final FailureReports failures;

    private Disposable opening = Disposables.disposed();
    private Disposable handling = Disposables.disposed();
    private boolean begun;
    private boolean reported;
    private @Nullable Wire wire;

    Accepted(Channel channel, SocketAddress from, FailureReports failures) {
        this.channel = channel;
        this.from = from;
        this.failures = failures;
    }

    // ---- opening ----

    /** Opens the wire and runs its handler. */
    void open(
            Connection connection,
            Function<Connection, Mono<Wire>> opener,
            Function<? super Wire, ? extends Publisher<Void>> handler) {
        if (reported) { // closed before
            connection.dispose();
            return;
        }
        begun = true;
        opening = opener.apply(connection).subscribe(opened -> onOpened(opened, handler), this::onNotOpened);
    }

    private void onNotOpened(Throwable cause) {
        boolean refused = cause instanceof HandshakeException handshake && handshake.reason() == Reason.NOT_ADMITTED;
        report(refused ? Stage.ADMISSION : Stage.OPENING, cause);
    }

    /** Called when the connection is closed. An opening that has begun tells its end itself, and better. */
    void onClosed() {
        if (!begun) {
            report(Stage.OPENING, new HandshakeException(Reason.CLOSED, "the connection ended before its first byte"));
        }
    }

    // ---- the handler ----

    private void onOpened(Wire opened, Function<? super Wire, ? extends Publisher<Void>> handler) {
        wire = opened;
        opened.onClose()
                .subscribe(
                        nothing -> {},
                        failure -> {
                            report(Stage.WIRE, failure);
                            handling.dispose();
                        },
                        () -> handling.dispose());
        try {
            handling = Flux.from(handler.apply(opened))
                    .subscribe(
                            nothing -> {},
                            failure -> onLoop(() -> onHandlerFailed(opened, failure)),
                            () -> opened.close().subscribe());
        } catch (Throwable t) { // thrown on, the loop would log it and the wire stay open
            onHandlerFailed(opened, t);
        }
        if (opened.isDisposed()) { // during the subscription
            handling.dispose();
        }
    }

    /** Ends the wire, whose handler has failed. After the end of the wire its exceptions are no news. */
    private void onHandlerFailed(Wire opened, Throwable failure) {
        if (opened.isDisposed() && failure instanceof WireException) {
            return;
        }
        boolean ofSource = opened instanceof OpenWire open && open.isFailureOfSource(failure);
        report(ofSource ? Stage.SOURCE : Stage.HANDLER, failure);
        opened.dispose();
    }

    // ---- the end ----

    /** Closes the wire in order, or the connection at once if it has none. Any thread. */
    Mono<Void> close(Duration deadline) {
        onLoop(() -> {
            Wire open = wire;
            if (open != null) {
                open.close(deadline).subscribe();
            } else {
                report(Stage.OPENING, new HandshakeException(Reason.CLOSED, "the server was closed"));
                opening.dispose();
                channel.close();
            }
        });
        return FutureMono.from(channel.closeFuture()).onErrorComplete();
    }

    private void onLoop(Runnable task) {
        Loops.run(channel.eventLoop(), task);
    }

    private void report(Stage stage, Throwable cause) {
        if (!reported) {
            reported = true;
            failures.report(new WireFailure(from, stage, Optional.ofNullable(wire), cause));
        }
    }
}
