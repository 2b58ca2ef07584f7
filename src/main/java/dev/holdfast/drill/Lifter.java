package dev.holdfast.drill;

import dev.holdfast.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Undoes what a drill that was killed left behind, as its journal tells. */
public final class Lifter {

    private final RunningSystem system;
    private final Path folder;

    /** @param folder with the journal */
    public Lifter(RunningSystem system, Path folder) {
        this.system = system;
        this.folder = folder;
    }

    /**
     * @param connection made only when the engine must be told something
     * @return what was lifted, one line each
     * @throws IOException if it cannot be done; the journal still tells of it
     */
    public List<String> lift(Supplier<Log> connection) throws IOException, InterruptedException {
        List<Journal.Line> left = Journal.unfinished(folder);
        List<String> lifted = new ArrayList<>();
        for (Journal.Line line : left) {
            if (line.entry() == Journal.Entry.BEGUN) {
                lifted.addAll(lift(line));
            }
        }
        // The load last: the engine may need what was just lifted.
        for (Journal.Line line : left) {
            if (line.entry() == Journal.Entry.LOAD_ON) {
                try (Log log = connection.get()) {
                    new Load(log).stop(line.names(), line.restore(), "left by a drill that was killed");
                }
                lifted.add("stopped the load of an earlier drill: " + line.names());
            }
        }
        Journal.begin(folder).close();
        return lifted;
    }

    private List<String> lift(Journal.Line line) throws IOException, InterruptedException {
        List<String> lifted = new ArrayList<>();
        for (Journal.Struck struck : line.struck()) {
            if (struck.process().frozen()) {
                struck.process().thaw();
                lifted.add("thawed " + struck.label());
            }
        }
        for (String host : line.names()) {
            if (line.kind().equals(FaultKind.PRIMARY_HOST_CUT.word())) {
                system.heal(host);
                lifted.add("made sure that host " + host + " is on the network");
            } else if (line.kind().equals(FaultKind.POSTGRES_DISK_FULL.word())) {
                system.relieveDisk(host);
                lifted.add("gave back what was taken of the disk of host " + host);
            } else {
                system.startAgent(host);
                lifted.add("made sure that the agent of host " + host + " runs");
            }
        }
        if (line.kind().equals(FaultKind.EXCHANGE_FAULTS.word()) && system.exchangeRuns()) {
            system.calmExchange();
            lifted.add("ended the faults at the exchange");
        }
        return lifted;
    }

    /** Whether there is anything to undo. */
    public Optional<String> left() throws IOException {
        List<Journal.Line> left = Journal.unfinished(folder);
        return left.isEmpty() ? Optional.empty() : Optional.of(left.size() + " unfinished entries in " + folder);
    }
}
