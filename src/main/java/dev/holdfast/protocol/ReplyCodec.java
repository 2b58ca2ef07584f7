package dev.holdfast.protocol;

import dev.holdfast.protocol.sbe.MessageHeaderDecoder;
import dev.holdfast.protocol.sbe.MessageHeaderEncoder;
import dev.holdfast.protocol.sbe.ReplyMessageDecoder;
import dev.holdfast.protocol.sbe.ReplyMessageEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Replies to and from their wire format. Not thread-safe. */
public final class ReplyCodec {

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ReplyMessageEncoder encoder = new ReplyMessageEncoder();
    private final ReplyMessageDecoder decoder = new ReplyMessageDecoder();

    /** @return the bytes written */
    public int encode(Reply reply, MutableDirectBuffer buffer, int offset) {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
                .clientId(reply.clientId())
                .correlationId(reply.correlationId())
                .code(Wire.code(reply.code()))
                .value(reply.value())
                .sequence(reply.sequence())
                .text(Wire.text(reply.text()));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** @throws MalformedMessage if these bytes are no reply */
    public Reply decode(DirectBuffer buffer, int offset, int length) {
        Wire.requireHeader(length);
        headerDecoder.wrap(buffer, offset);
        Wire.requireSchema(headerDecoder.schemaId());
        if (headerDecoder.templateId() != ReplyMessageDecoder.TEMPLATE_ID) {
            throw new MalformedMessage("template id " + headerDecoder.templateId() + " is no reply");
        }
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        return new Reply(
                decoder.clientId(),
                decoder.correlationId(),
                Wire.constant(ReplyCode.class, decoder.code()),
                decoder.value(),
                decoder.sequence(),
                decoder.text());
    }
}
