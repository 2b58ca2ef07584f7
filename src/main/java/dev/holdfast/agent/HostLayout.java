package dev.holdfast.agent;

import java.nio.file.Path;

/** Where one host's processes live under the home. */
public record HostLayout(Path home, String host) {

    public HostLayout {
        home = home.toAbsolutePath().normalize();
    }

    public Path folder(String process) {
        return home.resolve("hosts").resolve(host).resolve(process);
    }

    public Path logFile(String process) {
        return home.resolve("logs").resolve(host + "-" + process + ".log");
    }
}
