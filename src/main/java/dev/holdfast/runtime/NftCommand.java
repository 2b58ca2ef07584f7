package dev.holdfast.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Runs {@code nft} of nftables (nft(8)), Linux' packet filter. */
public final class NftCommand {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A root shell's path may lack the sbin folders. */
    private static final List<Path> PLACES = Stream.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft")
            .map(Path::of)
            .toList();

    private final UnaryOperator<List<String>> place;

    /** @param place puts a command into the network that is meant */
    public NftCommand(UnaryOperator<List<String>> place) {
        this.place = place;
    }

    /** @param output what nft printed, its complaint after a failure */
    public record Answer(boolean ok, String output) {}

    /** Why it cannot be used here, and what to do; empty when it can be tried. */
    public static Optional<String> unavailable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root may filter packets: run './holdfast down' and 'up' with sudo");
        }
        return PLACES.stream().anyMatch(Files::isExecutable)
                ? Optional.empty()
                : Optional.of(
                        "the program 'nft' is missing: run 'apt-get install -y nftables', then './holdfast up' again");
    }

    /**
     * @param rules nft's standard input, taken as a whole or not at all
     * @throws IOException if nft is missing or does not end in time
     */
    public Answer run(List<String> words, String rules) throws IOException, InterruptedException {
        Path program = PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no 'nft' in " + PLACES));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(place.apply(command)).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            try (var input = process.getOutputStream()) {
                input.write(rules.getBytes(StandardCharsets.UTF_8));
            }
            // Rules and answers are far less than a pipe holds, so neither side waits for the other.
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("'nft' did not end within " + LIMIT.toSeconds() + " s");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.exitValue() == 0, output.strip());
        } finally {
            process.destroyForcibly();
        }
    }
}
