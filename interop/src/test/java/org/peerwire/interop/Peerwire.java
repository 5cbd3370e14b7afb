/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Our command line, as users run it. */
final class Peerwire {
    private static final Path JAR = Path.of("..", "examples", "target", "peerwire.jar");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Peerwire() {}

    /** Starts a command. */
    static Program start(Scene scene, String name, Object... arguments) {
        if (!Files.exists(JAR)) {
            throw new AssertionError(JAR + " does not exist; run mvn -Pinterop verify in the root of the project");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-jar", JAR.toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return scene.start(name, command);
    }

    /** Starts a seed of the data, and returns its address once it listens. */
    static String seed(Scene scene, String ip, Object... more) {
        return seedOf(scene, Cargo.get().torrentFile(), ip, more);
    }

    /** Starts a seed of the data with another torrent file, and returns its address once it listens. */
    static String seedOf(Scene scene, Path torrent, String ip, Object... more) {
        String port = "" + Network.freePort();
        List<Object> arguments = new ArrayList<>(List.of("seed", torrent, "--data"));
        arguments.addAll(List.of(Cargo.get().file(), "--host", ip, "--port", port));
        arguments.addAll(List.of(more));
        Program program = start(scene, "seed", arguments.toArray());
        scene.await("our seed listens", () -> program.says("^seeding"));
        return ip + ":" + port;
    }

    /** Waits for the end of a command, which must have the exit code 0. */
    static void awaitSuccess(Scene scene, String name, Program program) {
        scene.await(name + " ends", () -> !program.isRunning());
        if (program.exitCode() != 0) {
            throw new AssertionError(name + " ended with exit code " + program.exitCode());
        }
    }

    /** Returns the events of one kind that a command with {@code --json} has printed so far. */
    static List<JsonNode> events(Program program, String event) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : program.lines()) {
            try {
                JsonNode node = JSON.readTree(line);
                if (node.path("event").asText().equals(event)) {
                    events.add(node);
                }
            } catch (JsonProcessingException e) {
                // an incomplete line, or a line of the JVM
            }
        }
        return events;
    }
}
