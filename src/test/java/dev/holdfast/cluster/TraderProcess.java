package dev.holdfast.cluster;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.recovery.RecoveryMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A trader with an echo machine, or a voter with its own, in a Java process of its own, so that it can be killed. */
final class TraderProcess {

    private final MemberProfile<?, ?> profile;
    private final int member;
    private final Path folder;
    private final Path logs;
    private Process process;

    private TraderProcess(MemberProfile<?, ?> profile, int member, Path folder, Path logs) {
        this.profile = profile;
        this.member = member;
        this.folder = folder;
        this.logs = logs;
        this.process = launch();
    }

    static TraderProcess start(int member, Path folder) {
        return start(member, folder, folder);
    }

    /** @param logs where to keep what it writes */
    static TraderProcess start(int member, Path folder, Path logs) {
        return new TraderProcess(MemberProfile.TRADER, member, folder, logs);
    }

    static TraderProcess startVoter(int member, Path folder) {
        return new TraderProcess(MemberProfile.VOTER, member, folder, folder);
    }

    /** Entry of the process: member number, folder and what it is. */
    public static void main(String[] arguments) throws InterruptedException {
        boolean votes = arguments[2].equals(MemberProfile.VOTER.word());
        Trader trader = new Trader(
                ClusterHosts.options(
                        votes ? MemberProfile.VOTER : MemberProfile.TRADER,
                        Integer.parseInt(arguments[0]),
                        Path.of(arguments[1])),
                votes ? RecoveryMachine::new : EchoMachine::new);
        Runtime.getRuntime().addShutdownHook(new Thread(trader::close));
        try {
            trader.start();
        } catch (TraderFailure failure) {
            System.err.println(failure.getMessage());
            Runtime.getRuntime().halt(1);
        }
        if (!trader.awaitTermination().orderly()) {
            Runtime.getRuntime().halt(1);
        }
    }

    void restart() {
        process = launch();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void askToStop() {
        process.destroy();
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("member " + member + " does not end; it wrote:\n" + output());
        }
    }

    boolean ended() {
        return !process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    long processId() {
        return process.pid();
    }

    TraderOptions options() {
        return ClusterHosts.options(profile, member, folder);
    }

    /** All it has written, over its restarts. */
    String output() {
        try {
            return Files.readString(outputFile());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process launch() {
        try {
            return new ProcessBuilder(List.of(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx96m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TraderProcess.class.getName(),
                            Integer.toString(member),
                            folder.toString(),
                            profile.word()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(outputFile().toFile()))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path outputFile() {
        return logs.resolve("member" + member + ".log");
    }
}
