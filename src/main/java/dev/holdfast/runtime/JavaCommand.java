package dev.holdfast.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that runs one of our processes on this very Java and class path. */
public final class JavaCommand {

    /** System property with the file of classes prepared for a fast start; whoever starts us vouches that it fits the jars. */
    private static final String START_CACHE = "holdfast.start.cache";

    private static final String MAIN = "dev.holdfast.cli.Main";

    /** Aeron needs the first; the rest silences warnings about what Aeron and Netty do. */
    private static final List<String> EVERY = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            // A quarantined command's reason is an event: what the compiler would leave out of it must be there
            // everywhere.
            "-XX:-OmitStackTraceInFastThrow",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Xss512k",
            "-Djava.net.preferIPv4Stack=true",
            "-Dfile.encoding=UTF-8");

    private final Kind kind;
    private final List<String> arguments;

    public JavaCommand(Kind kind, List<String> arguments) {
        this.kind = kind;
        this.arguments = List.copyOf(arguments);
    }

    /** What runs, and the heap that it needs with the default market. */
    public enum Kind {
        AGENT("agent", 96, false),
        TRADER("trader", 128, true),
        GATEWAY("gateway", 128, true),
        DASHBOARD("dashboard", 128, false),
        EXCHANGE("exchange", 128, false);

        private final String word;
        private final int heapMebibytes;
        private final boolean hot;

        /** @param hot whether its work is worth the second compiler: an intent costs an engine a quarter with it */
        Kind(String word, int heapMebibytes, boolean hot) {
            this.word = word;
            this.heapMebibytes = heapMebibytes;
            this.hot = hot;
        }

        /** Names the process, its folder and its log. */
        public String word() {
            return word;
        }
    }

    public List<String> words() {
        List<String> words = new ArrayList<>(List.of("run", kind.word()));
        words.addAll(arguments);
        return words(kind, MAIN, words);
    }

    /** A command of the command line, such as a process leaves behind for the case of its own death. */
    public static List<String> commandLine(List<String> arguments) {
        return words(Kind.DASHBOARD, MAIN, arguments);
    }

    /** Runs another main class exactly as a process of this kind is run: what is measured is what trades. */
    public static List<String> words(Kind kind, String mainClass, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(EVERY);
        words.add("-Xmx" + kind.heapMebibytes + "m");
        if (!kind.hot) {
            words.add("-XX:TieredStopAtLevel=1");
        }
        // Mapped where it was made for, its pages stay the file's: nine processes share them instead of each patching a
        // copy.
        String cache = System.getProperty(START_CACHE, "");
        if (!cache.isEmpty()) {
            words.addAll(
                    List.of("-XX:AOTCache=" + cache, "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"));
            words.add("-D" + START_CACHE + "=" + cache);
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        words.addAll(arguments);
        return words;
    }
}
