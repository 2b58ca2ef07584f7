package dev.holdfast.agent;

import java.util.List;

/** What {@code GET /status} of an agent answers. */
public record HostStatus(String host, long pid, List<ChildStatus> processes) {
    public HostStatus {
        processes = List.copyOf(processes);
    }
}
