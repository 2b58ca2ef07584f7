package dev.holdfast.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room that is left for a member's files. On a full disk a write fails in the middle and touching a mapped file kills the
 * thread that does it, so a member ends before, and does not begin without some room.
 */
final class DiskSpace {

    /** A member ends when less is left: more than it can write between two looks. */
    static final long FLOOR_BYTES = 64L << 20;

    /** A start needs more, or a member would come and go at the floor. */
    static final long START_BYTES = 96L << 20;

    /** How its sentences begin. */
    static final String FULL = "the disk is full: ";

    private final Path folder;
    private final String user;

    DiskSpace(TraderOptions options) {
        this.folder = options.folder();
        this.user = "a " + options.profile().word();
    }

    /** @throws TraderFailure if there is too little room to start */
    void requireRoomToStart() {
        require(START_BYTES, "to start");
    }

    /** @throws TraderFailure if there is too little room to go on */
    void requireRoomToGoOn() {
        require(FLOOR_BYTES, "to go on");
    }

    /** Explains a failure that the lack of room may have caused; empty when there is room. */
    String hint() {
        try {
            long free = freeBytes();
            return free >= FLOOR_BYTES ? "" : "; " + sentence(free, FLOOR_BYTES, "to go on");
        } catch (UncheckedIOException unknown) {
            return "";
        }
    }

    private void require(long bytes, String purpose) {
        long free = freeBytes();
        if (free < bytes) {
            throw new TraderFailure(sentence(free, bytes, purpose));
        }
    }

    private String sentence(long free, long needed, String purpose) {
        return FULL + (free >> 20) + " MiB are free for " + folder + ", " + user + " needs " + (needed >> 20) + " MiB "
                + purpose + "; make room, and its agent starts it within half a minute";
    }

    private long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at the disk of " + folder, failure);
        }
    }
}
