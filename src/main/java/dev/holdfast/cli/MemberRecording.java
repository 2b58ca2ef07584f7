package dev.holdfast.cli;

import dev.holdfast.cluster.RecordedLog;
import dev.holdfast.cluster.Release;
import dev.holdfast.cluster.ReleaseHistory;
import dev.holdfast.cluster.TraderFailure;
import dev.holdfast.runtime.Configuration.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recording of the member that recorded most, or of the one that was named.
 *
 * @param host where that member runs, or ran
 */
record MemberRecording(String host, Path folder, RecordedLog log) {

    static MemberRecording choose(Home home, @Nullable String host) {
        if (host != null) {
            return open(home, host);
        }
        MemberRecording longest = null;
        StringBuilder why = new StringBuilder();
        for (var each : home.configuration().hostsWith(Role.TRADER)) {
            try {
                MemberRecording found = open(home, each.name());
                if (longest == null
                        || found.log.events().last() > longest.log.events().last()) {
                    longest = found;
                }
            } catch (RuntimeException unreadable) {
                why.append("\n  ").append(each.name()).append(": ").append(unreadable.getMessage());
            }
        }
        if (longest == null) {
            throw Failure.negative("no member has a log that can be read:" + why);
        }
        return longest;
    }

    private static MemberRecording open(Home home, String host) {
        Path folder = home.path().resolve("hosts").resolve(host).resolve("trader");
        try {
            return new MemberRecording(host, folder, RecordedLog.open(folder));
        } catch (TraderFailure nothing) {
            throw Failure.negative(String.valueOf(nothing.getMessage()));
        }
    }

    /**
     * The releases that wrote these events, in order; empty when that is unknown.
     *
     * @throws Failure if this is not the only one, unless it is to be tried nevertheless
     */
    List<String> requireWriter(Home home, long afterSequence, long toSequence, boolean anyRelease) {
        List<String> writers = new ReleaseHistory(folder).writers(afterSequence, toSequence);
        String own = Release.current();
        if (anyRelease || writers.isEmpty() || writers.equals(List.of(own))) {
            return writers;
        }
        String what = "events " + (afterSequence + 1) + " to " + toSequence + " of host " + host
                + " were written by release " + String.join(", then ", writers) + "; this is release " + own;
        Path kept = home.path().resolve(Release.FOLDER).resolve(writers.getLast());
        throw Failure.negative(
                Files.isDirectory(kept)
                        ? what + ". Run: HOLDFAST_RELEASE=" + kept + " ./holdfast replay ..."
                        : what + ", and " + kept + " is not there. --any-release tries with this one: where it decides"
                                + " differently, the comparison says so");
    }
}
