/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.TcpClient;

/**
 * Resolves names for a client of Reactor Netty, without the addresses that it must not reach: local ones unless they are
 * allowed, and those of another family. The client connects to what was resolved and checked, so a name service cannot
 * change its answer in between. Literal addresses and the targets of redirects take the same way.
 *
 * <p>Fails with {@link LocalAddressException} or {@link NoAddressException} if no address is left. Two resolvers with
 * the same rules are equal, so a pool of connections may be shared by them.
 */
public final class GuardedResolver extends AddressResolverGroup<InetSocketAddress> {

    /** The version of the Internet protocol. */
    public enum Family {
        /** Version 4. */
        IPV4,
        /** Version 6. */
        IPV6;

        /** Returns true if the address is of this version. */
        public boolean has(InetAddress address) {
            return address instanceof Inet4Address == (this == IPV4);
        }
    }

    private final AddressResolverGroup<InetSocketAddress> base;
    private final boolean allowLocal;
    private final @Nullable Family family;

    private GuardedResolver(AddressResolverGroup<InetSocketAddress> base, boolean allowLocal, @Nullable Family family) {
        this.base = base;
        this.allowLocal = allowLocal;
        this.family = family;
    }

    /** Returns a resolver with the name service of Reactor Netty, which does not block. It waits for both families. */
    public static GuardedResolver standard(boolean allowLocal) {
        return of(NameService.SHARED, allowLocal);
    }

    /** Returns a resolver that filters another one, which it does not close. */
    public static GuardedResolver of(AddressResolverGroup<InetSocketAddress> base, boolean allowLocal) {
        return new GuardedResolver(base, allowLocal, null);
    }

    /** Returns this resolver for one family. */
    public GuardedResolver only(Family family) {
        return new GuardedResolver(base, allowLocal, family);
    }

    /** Returns this resolver without local addresses. */
    public GuardedResolver withoutLocal() {
        return new GuardedResolver(base, false, family);
    }

    /** Does not remember the resolver: the base does, and a memory here would grow with each group and loop. */
    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
        return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Guard(executor, base.getResolver(executor));
    }

    private boolean isWanted(InetAddress address) {
        return family == null || family.has(address);
    }

    private boolean isRefused(InetAddress address) {
        return !allowLocal && LocalNetworks.contains(address);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GuardedResolver that
                && base.equals(that.base)
                && allowLocal == that.allowLocal
                && family == that.family;
    }

    @Override
    public int hashCode() {
        return Objects.hash(base, allowLocal, family);
    }

    /** One name service for the process, with one socket and cache per event loop, as Reactor Netty's own. */
    private static final class NameService {
        static final AddressResolverGroup<InetSocketAddress> SHARED = create();

        @SuppressWarnings("unchecked") // the group of Reactor Netty resolves to addresses of the Internet
        private static AddressResolverGroup<InetSocketAddress> create() {
            TcpClient client = TcpClient.create().resolver(names -> names.completeOncePreferredResolved(false));
            return (AddressResolverGroup<InetSocketAddress>)
                    Objects.requireNonNull(client.configuration().resolver());
        }
    }

    private final class Guard extends AbstractAddressResolver<InetSocketAddress> {
        private final AddressResolver<InetSocketAddress> names;

        Guard(EventExecutor executor, AddressResolver<InetSocketAddress> names) {
            super(executor, InetSocketAddress.class);
            this.names = names;
        }

        /** Answers false for a refused literal, which then fails in {@link #doResolveAll}. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return !address.isUnresolved() && isWanted(address.getAddress()) && !isRefused(address.getAddress());
        }

        @Override
        protected void doResolve(InetSocketAddress name, Promise<InetSocketAddress> first) {
            Promise<List<InetSocketAddress>> all = executor().newPromise();
            all.addListener((FutureListener<List<InetSocketAddress>>) done -> {
                if (done.isSuccess()) {
                    first.trySuccess(done.getNow().get(0));
                } else {
                    first.tryFailure(done.cause());
                }
            });
            doResolveAll(name, all);
        }

        @Override
        protected void doResolveAll(InetSocketAddress name, Promise<List<InetSocketAddress>> allowed) {
            if (!name.isUnresolved()) {
                filter(name, List.of(name), allowed);
                return;
            }
            Future<List<InetSocketAddress>> all = names.resolveAll((SocketAddress) name);
            all.addListener((FutureListener<List<InetSocketAddress>>) done -> {
                if (done.isSuccess()) {
                    filter(name, done.getNow(), allowed);
                } else {
                    allowed.tryFailure(done.cause());
                }
            });
        }

        private void filter(
                InetSocketAddress name, List<InetSocketAddress> all, Promise<List<InetSocketAddress>> allowed) {
            List<InetSocketAddress> wanted =
                    all.stream().filter(a -> isWanted(a.getAddress())).toList();
            List<InetSocketAddress> used =
                    wanted.stream().filter(a -> !isRefused(a.getAddress())).toList();
            if (!used.isEmpty()) {
                allowed.trySuccess(used);
            } else if (wanted.isEmpty()) {
                allowed.tryFailure(new NoAddressException(name.getHostString(), family));
            } else {
                allowed.tryFailure(new LocalAddressException(
                        name.getHostString(), wanted.get(0).getAddress()));
            }
        }
    }
}
