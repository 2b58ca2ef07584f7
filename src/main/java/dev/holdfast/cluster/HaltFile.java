package dev.holdfast.cluster;

import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps a member that disagreed with the majority from starting again until a person has looked at it. */
final class HaltFile {

    private final Path file;
    private final MemberProfile<?, ?> profile;

    HaltFile(TraderOptions options) {
        this.profile = options.profile();
        this.file = options.folder().resolve(OwnedProcess.HALT_FILE);
    }

    void write(String reason) {
        try {
            Files.writeString(file, reason + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file + " (" + reason + ")", failure);
        }
    }

    /** @throws TraderFailure if the member was halted */
    void requireAbsent() {
        if (!Files.exists(file)) {
            return;
        }
        String reason;
        try {
            reason = Files.readString(file).strip();
        } catch (IOException unreadable) {
            reason = "unreadable: " + unreadable.getMessage();
        }
        throw new TraderFailure("this member was halted: " + reason + ". Keep its folder as evidence and "
                + profile.remedy() + "; or delete " + file + " to let it try again");
    }
}
