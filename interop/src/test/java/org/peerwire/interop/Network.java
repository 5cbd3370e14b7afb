/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;

/** The addresses of one test. Clients take one IP address for one peer, so each peer has its own. */
interface Network {
    /** The part of the address that is the same for all. */
    String prefix();

    /** What to put before a command, so that it runs in this network. */
    List<String> entry();

    /** The address with this number, 1 to 254. */
    default String ip(int number) {
        return prefix() + number;
    }

    /** The loopback addresses every Linux has, in which the tests themselves are, too. */
    Network LOOPBACK = new Network() {
        @Override
        public String prefix() {
            return "127.0.0.";
        }

        @Override
        public List<String> entry() {
            return List.of();
        }
    };

    /**
     * A namespace of its own, whose only interface is a loopback interface with addresses that look like any others:
     * Transmission dials no 127.0.0.0/8. It lasts as long as the program that holds it.
     *
     * @param holder started with {@link #NAMESPACE}
     */
    static Network namespaceOf(Program holder) {
        String target = "--target=" + holder.pid();
        return new Network() {
            @Override
            public String prefix() {
                return "10.9.8.";
            }

            @Override
            public List<String> entry() {
                return List.of("nsenter", target, "--user", "--preserve-credentials", "--net");
            }
        };
    }

    /** The command that makes a namespace with the addresses 1 to 9, says {@code ready}, and holds it for ten minutes. */
    List<String> NAMESPACE = List.of(
            "unshare",
            "--map-root-user",
            "--net",
            "sh",
            "-ec",
            "ip link set lo up; for i in 1 2 3 4 5 6 7 8 9; do ip addr add 10.9.8.$i/24 dev lo; done;"
                    + " echo ready; exec sleep 600");

    /** A TCP port that is free on every address, and none that the system hands out by itself. */
    static int freePort() {
        Random random = new Random();
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(20_000 + random.nextInt(12_000)));
                return socket.getLocalPort();
            } catch (IOException taken) {
                // another one then
            }
        }
    }
}
