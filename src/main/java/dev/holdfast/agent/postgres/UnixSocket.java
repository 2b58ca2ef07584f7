package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket where the driver expects a TCP one. Reads and writes end with the socket's time-out, as a channel's own do not: a
 * frozen server holds up nobody. One thread reads and writes; any may close.
 */
final class UnixSocket extends Socket {

    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final int BUFFER_BYTES = 8 * 1024;

    private final Path path;
    private @Nullable SocketChannel channel;
    private @Nullable Selector selector;
    private volatile boolean closed;
    private volatile int timeoutMillis;

    UnixSocket(Path path) {
        this.path = path;
    }

    /** The address is not looked at. */
    @Override
    public void connect(@Nullable SocketAddress ignored, int limitMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!connectNow()) {
            // The server's queue is full: it is frozen, or starts.
            if (limitMillis > 0 && System.nanoTime() - deadline >= 0) {
                throw new SocketTimeoutException(
                        "nobody takes a connection at " + path + " within " + limitMillis + " ms");
            }
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new SocketException("interrupted while connecting to " + path);
            }
        }
    }

    private boolean connectNow() throws IOException {
        SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            opened.configureBlocking(false);
            done = opened.connect(UnixDomainSocketAddress.of(path));
            if (done) {
                Selector waits = Selector.open();
                opened.register(waits, 0);
                channel = opened;
                selector = waits;
            }
            return done;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        SocketChannel from = connected();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer into = ByteBuffer.wrap(bytes, offset, length);
                try {
                    int read = from.read(into);
                    while (read == 0 && length > 0) {
                        await(SelectionKey.OP_READ);
                        read = from.read(into);
                    }
                    return read;
                } catch (ClosedChannelException ended) {
                    throw new SocketException("socket closed");
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        SocketChannel to = connected();
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
                try {
                    while (from.hasRemaining()) {
                        if (to.write(from) == 0) {
                            await(SelectionKey.OP_WRITE);
                        }
                    }
                } catch (ClosedChannelException ended) {
                    throw new SocketException("socket closed");
                }
            }
        };
    }

    private void await(int operation) throws IOException {
        Selector waits = selector;
        if (waits == null) {
            throw new SocketException("not connected");
        }
        try {
            key(waits).interestOps(operation);
            int ready = waits.select(timeoutMillis);
            waits.selectedKeys().clear();
            if (closed) {
                throw new SocketException("socket closed");
            }
            if (ready == 0 && timeoutMillis > 0) {
                throw new SocketTimeoutException("no answer within " + timeoutMillis + " ms");
            }
        } catch (ClosedSelectorException | CancelledKeyException ended) {
            throw new SocketException("socket closed");
        }
    }

    private SelectionKey key(Selector waits) throws SocketException {
        SelectionKey key = connected().keyFor(waits);
        if (key == null) {
            throw new SocketException("socket closed");
        }
        return key;
    }

    private SocketChannel connected() throws SocketException {
        SocketChannel open = channel;
        if (open == null) {
            throw new SocketException("not connected");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        SocketChannel open = channel;
        Selector waits = selector;
        if (open != null) {
            open.close();
        }
        if (waits != null) {
            waits.close();
        }
    }

    @Override
    public boolean isConnected() {
        return channel != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public int getSendBufferSize() {
        return BUFFER_BYTES;
    }

    @Override
    public int getReceiveBufferSize() {
        return BUFFER_BYTES;
    }

    @Override
    public void setSendBufferSize(int bytes) {
        // The kernel's own is as good.
    }

    @Override
    public void setReceiveBufferSize(int bytes) {
        // The kernel's own is as good.
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // There is no TCP here.
    }

    @Override
    public void setKeepAlive(boolean on) {
        // There is no TCP here.
    }
}
