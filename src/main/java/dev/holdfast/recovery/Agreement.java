package dev.holdfast.recovery;

import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.Map;
import java.util.TreeMap;

/** Compares the members' hashes of their full state: a minority halts, without a majority nothing is decided alone. */
final class Agreement {

    /** Comparisons under way; older ones are dropped, a member that answers later than that is caught by the next. */
    static final int MAX_OPEN = 4;

    static final int MEMBERS = 3;

    private final TreeMap<Long, TreeMap<Integer, Long>> reports = new TreeMap<>();
    private boolean disagreed;

    /** Whether the last comparison found no majority. */
    boolean disagreed() {
        return disagreed;
    }

    Answer report(RecoveryCommand.ReportStateHash report, Decision decision, Machine.Output output) {
        if (report.member() < 0 || report.member() >= MEMBERS) {
            return Answer.refused("there is no member " + report.member());
        }
        TreeMap<Integer, Long> hashes = new TreeMap<>(reports.getOrDefault(report.sequence(), new TreeMap<>()));
        hashes.put(report.member(), report.stateHash());
        decision.change(() -> {
            reports.put(report.sequence(), hashes);
            while (reports.size() > MAX_OPEN) {
                reports.pollFirstEntry();
            }
        });
        long majority = 0;
        int votes = 0;
        for (long hash : hashes.values()) {
            int same = (int)
                    hashes.values().stream().filter(other -> other == hash).count();
            if (same > votes) {
                votes = same;
                majority = hash;
            }
        }
        if (votes > MEMBERS / 2) {
            for (Map.Entry<Integer, Long> entry : hashes.entrySet()) {
                if (entry.getValue() != majority) {
                    int member = entry.getKey();
                    String reason = "after sequence " + report.sequence() + " its state had hash "
                            + Long.toHexString(entry.getValue()) + ", the majority's had " + Long.toHexString(majority);
                    decision.emit(new RecoveryEvent.StateHashed(member, report.sequence(), entry.getValue(), false));
                    decision.change(() -> output.halt(member, reason));
                }
            }
            // Said once when two agree, once more when the third joins them.
            if (report.stateHash() == majority) {
                decision.emit(new RecoveryEvent.StateHashed(report.member(), report.sequence(), majority, true));
            }
            decision.change(() -> disagreed = false);
        } else if (hashes.size() == MEMBERS) {
            decision.emit(new RecoveryEvent.StateHashed(report.member(), report.sequence(), report.stateHash(), false));
            decision.change(() -> disagreed = true);
        }
        return Answer.OK;
    }

    void save(StateWriter out) {
        out.flag(disagreed);
        out.number(reports.size());
        reports.forEach((sequence, hashes) -> {
            out.number(sequence);
            out.number(hashes.size());
            hashes.forEach((member, hash) -> {
                out.number(member);
                out.number(hash);
            });
        });
    }

    void load(StateReader in) {
        disagreed = in.flag();
        for (int n = in.integer(); n > 0; n--) {
            TreeMap<Integer, Long> hashes = new TreeMap<>();
            long sequence = in.number();
            for (int m = in.integer(); m > 0; m--) {
                hashes.put(in.integer(), in.number());
            }
            reports.put(sequence, hashes);
        }
    }
}
