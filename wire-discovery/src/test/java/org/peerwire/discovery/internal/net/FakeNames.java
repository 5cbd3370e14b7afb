/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name service for tests. */
public final class FakeNames extends AddressResolverGroup<InetSocketAddress> {
    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();

    /** Sets the addresses of a name, which are literals. */
    public FakeNames with(String name, String... literals) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            try {
                addresses.add(InetAddress.getByName(literal));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(literal, e);
            }
        }
        names.put(name, addresses);
        return this;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
            @Override
            protected void doResolve(String name, Promise<InetAddress> promise) {
                List<InetAddress> found = names.get(name);
                if (found == null) {
                    promise.setFailure(new UnknownHostException(name));
                } else {
                    promise.setSuccess(found.get(0));
                }
            }

            @Override
            protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                List<InetAddress> found = names.get(name);
                if (found == null) {
                    promise.setFailure(new UnknownHostException(name));
                } else {
                    promise.setSuccess(found);
                }
            }
        });
    }
}
