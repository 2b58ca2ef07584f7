package dev.holdfast.runtime;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which permissions new files of this process, and of those that it starts, never have. */
public final class Umask {

    private static final int OWNER_ONLY = 0077;
    private static final Path PROCESS = Path.of("/proc/self/status");

    private Umask() {}

    /** From now on what this process makes is its user's alone, whatever umask it was started with: umask(2). */
    @SuppressWarnings("restricted") // a call of the C library
    public static void ownerOnly() {
        if (isOwnerOnly()) {
            return; // as the start script has set it; the call below takes time to prepare
        }
        Linker linker = Linker.nativeLinker();
        try {
            int _ = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("umask"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(OWNER_ONLY);
        } catch (Throwable impossible) {
            throw new IllegalStateException("umask cannot be set", impossible);
        }
    }

    private static boolean isOwnerOnly() {
        try {
            return Files.readString(PROCESS).contains("\nUmask:\t0077\n");
        } catch (IOException notLinux) {
            return false;
        }
    }
}
