package dev.holdfast.protocol;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Messages of one kind to and from their wire format. Not thread-safe: it reuses its flyweights. */
public interface Codec<T> {

    /** @return the bytes written */
    int encode(T message, MutableDirectBuffer buffer, int offset);

    /**
     * @return the message at this place
     * @throws MalformedMessage if it is of no known kind, is cut short or holds an unknown enumeration value
     */
    T decode(DirectBuffer buffer, int offset, int length);
}
