package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import pl.egito.internal.version

/** The version of the native library. `check-jar.sh` tests a missing library, and one with other functions. */
class NativeLibraryTest {
    @Test
    fun `a library of another version is refused`() {
        val error = assertThrows<UnsatisfiedLinkError> { NativeLibrary.requireVersion("0.0.9") }
        assertEquals("the native library of the Egito SDK has version 0.0.9, but its jar has version ${version()}", error.message)
    }
}
