package dev.holdfast.cli;

import dev.holdfast.cluster.Release;
import dev.holdfast.replay.Comparison;
import dev.holdfast.replay.EngineDocument;
import dev.holdfast.replay.Impossible;
import dev.holdfast.replay.Replay;
import dev.holdfast.replay.Target;
import dev.holdfast.replay.Witness;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        description = {
            "Rebuilds the engine as it stood, from what a member recorded, and compares every event and hash with the recording.",
            "Works while the system runs and when it is down; changes nothing. Exit code 1 when anything came out differently."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(
            names = "--to",
            paramLabel = "SEQUENCE|TIME",
            description =
                    "up to and with what caused this event, or what was stamped until then (ISO-8601 with offset);"
                            + " without it, all that is recorded")
    private @Nullable String to;

    @Option(names = "--host", description = "read this host's trader; without it, the one that recorded most")
    private @Nullable String host;

    @Option(names = "--any-release", description = "replay with this release what another one wrote")
    private boolean anyRelease;

    @Override
    public Integer call() {
        Home home = Home.open(options.home());
        MemberRecording recording = MemberRecording.choose(home, host);
        try {
            Target target = to == null ? Target.END : Target.parse(to);
            Replay.Result result = new Replay(recording.log()).to(target);
            List<String> writers = recording.requireWriter(
                    home, result.fromSequence(), result.engine().sequence(), anyRelease);
            result.setAside().forEach(options.console()::warn);
            options.console().result(document(recording, result, writers), () -> text(recording, result, writers));
            return result.agrees() ? 0 : Failure.NEGATIVE;
        } catch (IllegalArgumentException wrong) {
            throw Failure.usage(String.valueOf(wrong.getMessage()));
        } catch (Impossible impossible) {
            throw Failure.negative(String.valueOf(impossible.getMessage()));
        }
    }

    private static Map<String, Object> document(MemberRecording recording, Replay.Result result, List<String> writers) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ok", result.agrees());
        document.put("host", recording.host());
        document.put("release", Release.current());
        document.put("writtenBy", writers);
        document.put("sequence", result.engine().sequence());
        document.put("timeMillis", result.engine().logTimeNanos() / 1_000_000);
        document.put("stateHash", Witness.hex(result.engine().stateHash()));
        document.put("chainHash", Witness.hex(result.engine().chainHash()));
        document.put("fromSequence", result.fromSequence());
        document.put("inputs", result.inputs());
        document.put("eventsCompared", result.witness().compared());
        document.put("difference", result.witness().difference());
        document.put("hashes", result.witness().comparisons());
        document.put("state", new EngineDocument(result.engine()).json());
        return document;
    }

    private static String text(MemberRecording recording, Replay.Result result, List<String> writers) {
        List<Comparison> hashes = result.witness().comparisons();
        long matching = hashes.stream().filter(Comparison::matches).count();
        String differences = hashes.stream()
                .filter(hash -> !hash.matches())
                .map(hash -> "  DIFFERS: " + hash + "\n")
                .reduce(
                        result.witness().difference() == null
                                ? ""
                                : "  DIFFERS: " + result.witness().difference() + "\n",
                        String::concat);
        return """
                sequence %d  %s  state hash %s
                  chain hash %s; from %s, %d inputs of host %s, written by release %s
                  %d events compared with the recording, %d of %d state hashes of members match
                %s%s""".formatted(
                        result.engine().sequence(),
                        Replay.time(result.engine().logTimeNanos()),
                        Witness.hex(result.engine().stateHash()),
                        Witness.hex(result.engine().chainHash()),
                        result.fromSequence() == 0 ? "the beginning" : "the snapshot at " + result.fromSequence(),
                        result.inputs(),
                        recording.host(),
                        writers.isEmpty() ? "unknown" : String.join(", ", writers),
                        result.witness().compared(),
                        matching,
                        hashes.size(),
                        differences,
                        Console.table(new EngineDocument(result.engine()).rows()));
    }
}
