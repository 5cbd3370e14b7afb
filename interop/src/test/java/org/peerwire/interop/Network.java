/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;

/** The addresses of one test. Each peer has its own, because clients count one peer per IP address. */
interface Network {
    /** Returns the common part of the addresses. */
    String prefix();

    /** Returns the prefix of a command that runs it in this network. */
    List<String> entry();

    /** Returns the address with this number, 1 to 254. */
    default String ip(int number) {
        return prefix() + number;
    }

    /** The network of the loopback addresses, which every Linux has and which the tests use too. */
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
     * A network namespace with only a loopback interface, whose addresses are not in 127.0.0.0/8: Transmission does not
     * dial those. It lasts as long as the process that holds it.
     *
     * @param holder the process, started with {@link #NAMESPACE}
     */
    static Network namespaceOf(Program holder) {
        return namespaceOf(holder.pid());
    }

    /** Returns the network of the namespace of a process. */
    static Network namespaceOf(long pid) {
        String target = "--target=" + pid;
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

    /**
     * The command that creates a namespace with the addresses 1 to 24, prints {@code ready}, and holds it for ten
     * minutes.
     */
    List<String> NAMESPACE = List.of(
            "unshare",
            "--map-root-user",
            "--net",
            "sh",
            "-ec",
            "ip link set lo up; for i in $(seq 24); do ip addr add 10.9.8.$i/24 dev lo; done;"
                    + " echo ready; exec sleep 600");

    /**
     * The command that creates two namespaces with a cable between them, like two machines in a local network. The first
     * is that of the command itself and has the address 1, the other has the address 2. Prints {@code ready} and the id
     * of a process in the other one, and holds both for ten minutes.
     */
    List<String> TWO_NAMESPACES = List.of(
            "unshare",
            "--map-root-user",
            "--net",
            "sh",
            "-ec",
            "unshare --net setpriv --pdeathsig KILL sleep 600 & other=$!;"
                    + " while [ \"$(readlink /proc/$other/ns/net)\" = \"$(readlink /proc/self/ns/net)\" ]; do sleep 0.05; done;"
                    + " there=\"nsenter --target=$other --net ip\";"
                    + " ip link add cable type veth peer name cable netns $other;"
                    + " ip link set lo up; ip addr add 10.9.8.1/24 dev cable; ip link set cable up;"
                    + " $there link set lo up; $there addr add 10.9.8.2/24 dev cable; $there link set cable up;"
                    + " echo ready $other; exec sleep 600");

    /** Returns whether this machine has the address ::1. */
    static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("::1", 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a TCP port that is free on every address and outside of the range of the system. */
    static int freePort() {
        Random random = new Random();
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(20_000 + random.nextInt(12_000)));
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the port is in use
            }
        }
    }
}
