package dev.holdfast.runtime.namespaces;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A process of one host. Told "send ADDRESS NUMBER" on its input, it writes the number to that peer over the one connection it
 * keeps, and prints "sent NUMBER"; what arrives from others it prints as "heard NUMBER".
 */
final class Peer {

    private static final int PORT = 9000;

    private Peer() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, Socket> connections = new HashMap<>();
        try (ServerSocket server = new ServerSocket(PORT, 10, InetAddress.ofLiteral(arguments[0]));
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Thread.ofPlatform().daemon().start(() -> accept(server));
            System.out.println("ready");
            String line = input.readLine();
            while (line != null) {
                String[] words = line.split(" ", -1);
                Socket socket = connections.get(words[1]);
                if (socket == null) {
                    socket = new Socket(words[1], PORT);
                    connections.put(words[1], socket);
                }
                socket.getOutputStream().write(Integer.parseInt(words[2]));
                System.out.println("sent " + words[2]);
                line = input.readLine();
            }
        }
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                InputStream stream = server.accept().getInputStream();
                Thread.ofPlatform().daemon().start(() -> listen(stream));
            }
        } catch (IOException closed) {
            System.out.println("closed");
        }
    }

    private static void listen(InputStream stream) {
        try {
            int number = stream.read();
            while (number >= 0) {
                System.out.println("heard " + number);
                number = stream.read();
            }
        } catch (IOException lost) {
            System.out.println("lost");
        }
    }
}
