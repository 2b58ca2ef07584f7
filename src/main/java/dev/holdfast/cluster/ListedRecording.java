package dev.holdfast.cluster;

import io.aeron.archive.client.RecordingDescriptorConsumer;
import java.util.function.Consumer;

/**
 * A recording as an archive lists it: those of the library's sixteen values that we use.
 *
 * @param stopPosition {@code AeronArchive.NULL_POSITION} while it is being written
 */
record ListedRecording(
        long id,
        long startPosition,
        long stopPosition,
        int initialTerm,
        int segmentLength,
        int termLength,
        int stream) {

    static RecordingDescriptorConsumer each(Consumer<ListedRecording> consumer) {
        return (control,
                correlation,
                id,
                startTime,
                stopTime,
                startPosition,
                stopPosition,
                initialTerm,
                segmentLength,
                termLength,
                mtu,
                session,
                stream,
                stripped,
                original,
                source) -> consumer.accept(
                new ListedRecording(id, startPosition, stopPosition, initialTerm, segmentLength, termLength, stream));
    }
}
