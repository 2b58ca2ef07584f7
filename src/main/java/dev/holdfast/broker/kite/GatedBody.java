package dev.holdfast.broker.kite;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A request body that leaves through a {@link WriteGate}. The client asks for it when it is connected and the headers are ready. */
final class GatedBody implements BodyPublisher {

    private final byte[] body;
    private final WriteGate gate;

    GatedBody(byte[] body, WriteGate gate) {
        if (body.length == 0) {
            throw new IllegalArgumentException("an empty body would not pass through the gate");
        }
        this.body = body;
        this.gate = gate;
    }

    @Override
    public long contentLength() {
        return body.length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long count) {
                if (done) {
                    return;
                }
                done = true;
                if (gate.open()) {
                    subscriber.onNext(ByteBuffer.wrap(body));
                    subscriber.onComplete();
                } else {
                    subscriber.onError(new IOException("the right to send ended before the order was written"));
                }
            }

            @Override
            public void cancel() {
                done = true;
            }
        });
    }
}
