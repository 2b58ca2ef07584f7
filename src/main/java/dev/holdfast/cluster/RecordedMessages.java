package dev.holdfast.cluster;

import io.aeron.archive.client.AeronArchive;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The messages of one recording, read from its segment files without an archive: also while one writes to them, and on a
 * machine where nothing runs. A segment is read whole, so the archive may purge or truncate it meanwhile. Each frame's
 * checksum is checked; the recording ends where nothing or nothing whole is written. Used by one thread.
 */
final class RecordedMessages {

    private final Path archiveFolder;
    private final ListedRecording recording;
    private final UnsafeBuffer segment = new UnsafeBuffer(new byte[0]);
    private final ExpandableArrayBuffer assembled = new ExpandableArrayBuffer(4_096);
    private final CRC32C checksum = new CRC32C();
    private byte[] bytes = new byte[0];
    private long segmentBase;
    private int at;
    private DirectBuffer buffer = segment;
    private int offset;
    private int length;
    private boolean damaged;

    /** @param position of the first frame to read; where a frame begins, or the recording's end */
    RecordedMessages(Path archiveFolder, ListedRecording recording, long position) {
        this.archiveFolder = archiveFolder;
        this.recording = recording;
        this.segmentBase = AeronArchive.segmentFileBasePosition(
                recording.startPosition(), position, recording.termLength(), recording.segmentLength());
        this.at = (int) (position - segmentBase);
        load();
    }

    /** Goes to the next whole message; false at the end. */
    boolean next() {
        int gathered = 0;
        while (frame()) {
            int frameLength = FrameDescriptor.frameLength(segment, at);
            int type = segment.getShort(at + HeaderFlyweight.TYPE_FIELD_OFFSET) & 0xFFFF;
            int flags = segment.getByte(at + HeaderFlyweight.FLAGS_FIELD_OFFSET) & 0xFF;
            int payload = at + DataHeaderFlyweight.HEADER_LENGTH;
            int payloadLength = frameLength - DataHeaderFlyweight.HEADER_LENGTH;
            if (type != HeaderFlyweight.HDR_TYPE_PAD && !intact(payload, frameLength)) {
                damaged = true;
                return false;
            }
            at += BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT);
            if (type == HeaderFlyweight.HDR_TYPE_PAD) {
                continue;
            }
            boolean begins = (flags & (FrameDescriptor.BEGIN_FRAG_FLAG & 0xFF)) != 0;
            boolean ends = (flags & (FrameDescriptor.END_FRAG_FLAG & 0xFF)) != 0;
            if (begins && ends) {
                return found(segment, payload, payloadLength);
            }
            gathered = begins ? 0 : gathered;
            assembled.putBytes(gathered, segment, payload, payloadLength);
            gathered += payloadLength;
            if (ends) {
                return found(assembled, 0, gathered);
            }
        }
        return false;
    }

    /** Of the message at hand; valid until the next one. */
    DirectBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Where the next frame begins, or where reading ended. */
    long position() {
        return segmentBase + at;
    }

    /** Whether reading ended at a frame whose checksum is wrong: a damaged disk, or the end of what a living archive writes. */
    boolean damaged() {
        return damaged;
    }

    private boolean found(DirectBuffer source, int start, int size) {
        buffer = source;
        offset = start;
        length = size;
        return true;
    }

    /** Whether a frame begins here; goes to the next segment at the end of one. */
    private boolean frame() {
        if (at >= recording.segmentLength()) {
            segmentBase += recording.segmentLength();
            at = 0;
            load();
        }
        return at + DataHeaderFlyweight.HEADER_LENGTH <= bytes.length
                && FrameDescriptor.frameLength(segment, at) > 0
                && at + FrameDescriptor.frameLength(segment, at) <= bytes.length + paddingBeyond();
    }

    /** Of padding only the header is written, so it may point past the end of a file that was cut. */
    private int paddingBeyond() {
        int type = segment.getShort(at + HeaderFlyweight.TYPE_FIELD_OFFSET) & 0xFFFF;
        return type == HeaderFlyweight.HDR_TYPE_PAD ? recording.segmentLength() : 0;
    }

    /** The archive keeps the checksum where the frame had its session. */
    private boolean intact(int payload, int frameLength) {
        int end = Math.min(bytes.length, at + BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT));
        checksum.reset();
        checksum.update(ByteBuffer.wrap(bytes, payload, end - payload));
        return (int) checksum.getValue() == segment.getInt(at + DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET);
    }

    private void load() {
        Path file = archiveFolder.resolve(recording.id() + "-" + segmentBase + ".rec");
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException end) {
            bytes = new byte[0];
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
        segment.wrap(bytes);
    }
}
