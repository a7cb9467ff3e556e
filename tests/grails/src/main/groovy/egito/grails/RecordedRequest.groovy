package egito.grails

import javax.servlet.ReadListener
import javax.servlet.ServletInputStream
import javax.servlet.http.HttpServletRequest
import javax.servlet.http.HttpServletRequestWrapper

/**
 * Keeps a copy of the body that the application reads.
 *
 * Spring has such a class, but that one reports an encoding where the client named none, which changes how Grails reads.
 */
class RecordedRequest extends HttpServletRequestWrapper {
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream()
    private ServletInputStream stream
    private BufferedReader reader

    RecordedRequest(HttpServletRequest request) {
        super(request)
    }

    String getText() {
        copy.toString('UTF-8')
    }

    @Override
    ServletInputStream getInputStream() {
        stream = stream ?: new Copying(super.inputStream, copy)
    }

    @Override
    BufferedReader getReader() {
        reader = reader ?: new BufferedReader(new InputStreamReader(inputStream, characterEncoding ?: 'ISO-8859-1'))
    }

    private static class Copying extends ServletInputStream {
        private final ServletInputStream original
        private final ByteArrayOutputStream copy

        Copying(ServletInputStream original, ByteArrayOutputStream copy) {
            this.original = original
            this.copy = copy
        }

        @Override
        int read() {
            int read = original.read()
            if (read >= 0) {
                copy.write(read)
            }
            read
        }

        @Override
        boolean isFinished() {
            original.finished
        }

        @Override
        boolean isReady() {
            original.ready
        }

        @Override
        void setReadListener(ReadListener listener) {
            original.readListener = listener
        }
    }
}
