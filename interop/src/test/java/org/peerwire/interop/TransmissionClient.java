/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeValue;

/**
 * Transmission's daemon, controlled by {@code transmission-remote}. It accepts no peer address from its user, so it
 * must be dialled, or told by peer exchange.
 */
final class TransmissionClient implements RealClient {
    private static final Pattern PEER = Pattern.compile("(?m)^([\\d.]+) +(\\S*) ");

    private final Scene scene;
    private final String name;
    private final String address;
    private final String rpc;

    TransmissionClient(Scene scene, String name, String ip, Task task) {
        if (task.peer() != null || !task.unchokes()) {
            throw new IllegalArgumentException("the task must be possible for Transmission, was " + task);
        }
        this.scene = scene;
        this.name = name;
        int port = Network.freePort();
        int rpcPort = Network.freePort();
        address = ip + ":" + port;
        rpc = "127.0.0.1:" + rpcPort;
        Path state = scene.folder(name + "-state");
        try {
            Files.writeString(state.resolve("settings.json"), settings(ip, port, rpcPort, task));
            if (task.node() != null) {
                Files.write(state.resolve("dht.dat"), nodes(task.node()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scene.start(name, List.of("transmission-daemon", "--foreground", "--config-dir", state.toString()));
        scene.await(name + " takes commands", () -> remote("--list") != null);
        if (remote("--add", task.torrent()) == null) {
            throw new AssertionError(name + " must accept " + task.torrent() + "; see its log");
        }
        if (task.seeds()) {
            remote("--torrent", "1", "--verify");
            scene.await(name + " has verified its data", this::isComplete);
        }
    }

    /** Returns the file with the nodes of the last time. It pings them every two seconds; others only every 15 s. */
    private static byte[] nodes(String addresses) throws IOException {
        ByteArrayOutputStream compact = new ByteArrayOutputStream();
        for (String address : addresses.split(",")) {
            String[] parts = address.split(":");
            compact.write(InetAddress.getByName(parts[0]).getAddress());
            int port = Integer.parseInt(parts[1]);
            compact.write(port >> 8);
            compact.write(port);
        }
        byte[] id = new byte[20];
        new Random().nextBytes(id);
        return BencodeValue.dictionary(
                        Map.of("id", BencodeValue.of(id), "nodes", BencodeValue.of(compact.toByteArray())))
                .encoded();
    }

    private static String settings(String ip, int port, int rpcPort, Task task) {
        return """
                {
                  "peer-port": %d, "bind-address-ipv4": "%s", "bind-address-ipv6": "::1",
                  "rpc-port": %d, "rpc-bind-address": "127.0.0.1", "rpc-authentication-required": false,
                  "dht-enabled": %b, "lpd-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
                  "pex-enabled": %b, "encryption": %d,
                  "speed-limit-down-enabled": %b, "speed-limit-down": %d,
                  "speed-limit-up-enabled": %b, "speed-limit-up": %d,
                  "download-dir": "%s", "rename-partial-files": false, "message-level": 3
                }
                """.formatted(
                        port,
                        ip,
                        rpcPort,
                        task.node() != null,
                        task.speaksPex(),
                        task.encrypted() ? 2 : 0,
                        task.down() > 0,
                        task.down() / 1000,
                        task.up() > 0,
                        task.up() / 1000,
                        task.folder());
    }

    private @Nullable String remote(String... arguments) {
        List<String> command = new ArrayList<>(List.of("transmission-remote", rpc));
        command.addAll(List.of(arguments));
        return scene.output(name + "-remote", command);
    }

    private String info(String what) {
        String text = remote("--torrent", "1", what);
        return text == null ? "" : text;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isComplete() {
        return info("--info").contains("Percent Done: 100%");
    }

    @Override
    public Set<String> peers() {
        return listed().map(peer -> peer.group(1)).collect(Collectors.toSet());
    }

    @Override
    public boolean isEncryptedWith(String ip) {
        return listed().anyMatch(
                        peer -> peer.group(1).equals(ip) && peer.group(2).contains("E"));
    }

    /** Returns the IP address and the flags of each current peer. */
    private Stream<MatchResult> listed() {
        return PEER.matcher(info("--info-peers")).results();
    }

    @Override
    public boolean hasMetadata(String expected, int pieces) {
        String info = info("--info");
        return info.contains("Name: " + expected + "\n") && info.contains("Piece Count: " + pieces + "\n");
    }
}
