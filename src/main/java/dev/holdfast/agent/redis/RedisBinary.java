package dev.holdfast.agent.redis;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Redis' one program, which is server and Sentinel. */
final class RedisBinary {

    private RedisBinary() {}

    static Path find() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/bin" + File.pathSeparator
                + "/usr/local/bin";
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, "redis-server");
            if (!folder.isBlank() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IOException(
                "redis-server was not found on the PATH; install Redis 7, on Debian with 'apt-get install redis-server redis-sentinel'");
    }
}
