package egito.grails

import org.apache.catalina.connector.Request
import org.apache.catalina.connector.Response
import org.apache.catalina.valves.ValveBase
import org.apache.coyote.InputBuffer
import org.apache.tomcat.util.net.ApplicationBufferHandler

import javax.servlet.http.HttpServletRequest

/**
 * Keeps a copy of each body, below the application: Tomcat reads forms itself, so a filter would not see their bytes.
 *
 * It copies what is read and reads nothing itself, which would change how the server behaves. So a request that is refused
 * before its body is read has an empty copy.
 */
class BodyCopy extends ValveBase {
    private static final String COPY = 'egito.body'

    BodyCopy() {
        super(true)
    }

    @Override
    void invoke(Request request, Response response) {
        def original = request.coyoteRequest.inputBuffer
        def copy = new ByteArrayOutputStream()
        request.setAttribute(COPY, copy)
        request.coyoteRequest.inputBuffer = new Copying(original, copy)
        try {
            next.invoke(request, response)
        } finally {
            request.coyoteRequest.inputBuffer = original
        }
    }

    /** Returns the body as far as it was read. */
    static String text(HttpServletRequest request) {
        request.getAttribute(COPY).toString('UTF-8')
    }

    private static class Copying implements InputBuffer {
        private final InputBuffer original
        private final ByteArrayOutputStream copy

        Copying(InputBuffer original, ByteArrayOutputStream copy) {
            this.original = original
            this.copy = copy
        }

        @Override
        int doRead(ApplicationBufferHandler handler) {
            int count = original.doRead(handler)
            if (count > 0) {
                byte[] bytes = new byte[count]
                handler.byteBuffer.duplicate().get(bytes)
                copy.write(bytes, 0, count)
            }
            count
        }

        @Override
        int available() {
            original.available()
        }
    }
}
