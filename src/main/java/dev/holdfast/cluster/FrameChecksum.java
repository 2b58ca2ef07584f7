package dev.holdfast.cluster;

import io.aeron.archive.checksum.Checksum;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * CRC-32C of each recorded frame, by the platform's own implementation. Aeron's ready-made one reaches into the JDK and would
 * need one more package opened on every command line.
 */
final class FrameChecksum implements Checksum {

    @Override
    @SuppressWarnings("restricted") // the archive says where a frame lies only by its address
    public int compute(long address, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(
                MemorySegment.ofAddress(address + offset).reinterpret(length).asByteBuffer());
        return (int) checksum.getValue();
    }
}
