package dev.holdfast.runtime.namespaces;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs {@code ip} of iproute2 (ip(8)). It fails with ip's own words. */
final class IpCommand {

    /** Each is one exchange with the kernel. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A root shell's path may lack the sbin folders. */
    private static final List<Path> PLACES = Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip")
            .map(Path::of)
            .toList();

    private IpCommand() {}

    static Optional<Path> program() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    /** @throws IOException if ip is missing, refuses or does not end in time */
    static String run(String words) throws IOException, InterruptedException {
        Result result = execute(words);
        if (result.exitCode != 0) {
            throw new IOException("'ip " + words + "' failed: " + result.output);
        }
        return result.output;
    }

    /** @return false if it refused with exactly this word of the kernel's, which means that there was nothing to do */
    static boolean runUnless(String words, String refusal) throws IOException, InterruptedException {
        Result result = execute(words);
        if (result.exitCode != 0 && !result.output.endsWith(refusal)) {
            throw new IOException("'ip " + words + "' failed: " + result.output);
        }
        return result.exitCode == 0;
    }

    private record Result(int exitCode, String output) {}

    private static Result execute(String words) throws IOException, InterruptedException {
        Path program = program().orElseThrow(() -> new IOException("there is no 'ip' in " + PLACES));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words.split(" ", -1)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The kernel's refusals are recognised by their English words.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            // What it prints is far less than a pipe holds, so it never waits for its reader.
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("'ip " + words + "' did not end within " + LIMIT.toSeconds() + " s");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.exitValue(), output.strip());
        } finally {
            process.destroyForcibly();
        }
    }
}
