package dev.holdfast.runtime;

import java.nio.file.Path;
import java.util.List;

/** A configuration file that cannot be used: every fault found in it, each with its line. */
public final class BadConfiguration extends RuntimeException {

    private final transient List<String> faults;

    BadConfiguration(Path file, List<String> faults) {
        super(file + " cannot be used:\n  " + String.join("\n  ", faults));
        this.faults = List.copyOf(faults);
    }

    /** One sentence each, beginning with "line N:". */
    public List<String> faults() {
        return faults;
    }
}
