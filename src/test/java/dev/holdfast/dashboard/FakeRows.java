package dev.holdfast.dashboard;

/** A database whose recorder can be stopped. */
final class FakeRows implements RecordedRows {

    volatile boolean stopped;

    @Override
    public Recorded ask() {
        return stopped ? new Recorded(3, 0, 14_000) : new Recorded(1_000_000, 0, 0);
    }

    @Override
    public String cause() {
        return "recording stopped: table trades is missing; ./holdfast rebuild rows trades --reason TEXT writes it anew"
                + " from the log";
    }
}
