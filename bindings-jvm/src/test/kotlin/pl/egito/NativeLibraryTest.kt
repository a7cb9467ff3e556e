package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import pl.egito.internal.version

/** Errors of the native library. `check-jar.sh` tests a missing library, and one with other functions. */
class NativeLibraryTest {
    @Test
    fun `a library of another version is refused`() {
        val error = assertThrows<UnsatisfiedLinkError> { NativeLibrary.requireVersion("0.0.9") }
        assertEquals("the native library of the Egito SDK has version 0.0.9, but its jar has version ${version()}", error.message)
    }

    @Test
    fun `an old standard library of Kotlin is refused`() {
        val error = assertThrows<UnsatisfiedLinkError> { NativeLibrary.requireKotlin(KotlinVersion(1, 9, 25)) }
        val advice = "set its version, with Spring Boot by the property kotlin.version"
        assertEquals("the Egito SDK needs kotlin-stdlib 2.1.20 or newer, got 1.9.25; $advice", error.message)
    }

    @Test
    fun `the error of a folder whose files cannot be executed names the property`() {
        val reason = "/mnt/jna-1/jna1.tmp: failed to map segment from shared object"
        val advice = "set the system property jna.tmpdir to a folder that is not mounted with noexec"
        assertEquals("$reason; $advice", NativeLibrary.whyNot(UnsatisfiedLinkError("Unable to load library 'egito_jvm':\n$reason")))
    }
}
