package pl.egito

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import com.sun.jna.NativeLibrary as JnaLibrary
import com.sun.jna.Platform
import com.sun.jna.Pointer
import java.io.File
import pl.egito.internal.uniffiRustFutureContinuationCallbackImpl
import pl.egito.internal.version

/** The native library. The jar contains it for some platforms. */
internal object NativeLibrary {
    /** The version of the jar. The library must have the same. */
    private const val VERSION = "0.1.0"

    /** The first version with `kotlin.time.Instant`. */
    private val MINIMUM_KOTLIN = KotlinVersion(2, 1, 20)

    /** What the system says of a library in a folder that is mounted with `noexec`. */
    private const val NO_EXECUTION = "failed to map segment from shared object"

    /** The module that calls native code, for an option of the JVM. */
    private val JNA_MODULE = Native::class.java.module.name ?: "ALL-UNNAMED"

    /** Parts of the lines of JNA's error that do not say why a file cannot be opened. */
    private val NO_REASONS = listOf("Unable to load library", "not found in resource path", "No such file or directory")

    private val opened = runCatching { openAlone() }

    /** The library, for JNA. */
    val jna: JnaLibrary get() = opened.getOrElse { failure ->
        throw linkError("cannot load the native library of the Egito SDK for ${Platform.RESOURCE_PREFIX}: ${whyNot(failure)}", failure)
    }

    private val checked by lazy {
        requireKotlin(KotlinVersion.CURRENT)
        requireVersion(foundVersion())
        requireSameFunctions()
        // Without this, JNA would attach the thread of the library to the JVM for each call in the background, and detach it again.
        Native.setCallbackThreadInitializer(uniffiRustFutureContinuationCallbackImpl, CallbackThreadInitializer(true, false, "egito"))
        WarningLog.start()
    }

    /** Loads the library, once. Throws an [UnsatisfiedLinkError] if it is missing or of another version. */
    fun load(): Unit = checked

    /** Throws an error if the standard library of Kotlin lacks classes that the jar uses. */
    fun requireKotlin(found: KotlinVersion) {
        if (found < MINIMUM_KOTLIN) {
            val advice = "set its version, with Spring Boot by the property kotlin.version"
            throw linkError("the Egito SDK needs kotlin-stdlib $MINIMUM_KOTLIN or newer, got $found; $advice", null)
        }
    }

    /** Throws an error if the version of the library is not that of the jar. */
    fun requireVersion(found: String) {
        if (found != VERSION) {
            throw linkError("the native library of the Egito SDK has version $found, but its jar has version $VERSION", null)
        }
    }

    /** Returns the version of the library. Calls it without the code of uniffi, which refuses functions of another version. */
    private fun foundVersion(): String {
        val library = jna
        try {
            val size = library.callForInteger("direct_version")
            return Pointer(library.callForInteger("direct_buffer")).getByteArray(0, size.toInt()).decodeToString()
        } catch (missing: UnsatisfiedLinkError) {
            throw linkError("the native library of the Egito SDK is of another version than its jar, $VERSION: ${missing.message}", missing)
        }
    }

    private fun JnaLibrary.callForInteger(function: String): Long =
        getFunction("uniffi_egito_jvm_fn_func_$function").invokeLong(arrayOf(CallStatus().memory))

    private fun requireSameFunctions() {
        try {
            version()
        } catch (other: Throwable) { // a function is missing or has another signature
            throw linkError("the native library of the Egito SDK $VERSION has other functions than its jar; use those of one build", other)
        }
    }

    /**
     * Opens the library, so that no other class loader of this process has the same one: it calls the listeners of one class loader.
     * The library of the jar is extracted for each class loader. Of a file in `jna.library.path`, later class loaders open a copy.
     */
    private fun openAlone(): JnaLibrary {
        val library = open("egito_jvm")
        val isAlone = !library.file.exists() || System.getProperties().putIfAbsent("pl.egito.opened:${library.file.canonicalPath}", "") == null
        if (isAlone) return library
        val copy = File.createTempFile("libegito_jvm", ".so")
        try {
            library.file.copyTo(copy, overwrite = true)
            return open(copy.path)
        } finally {
            copy.delete() // an open library does not need its file
        }
    }

    private fun open(name: String) = JnaLibrary.getInstance(name, NativeLibrary::class.java.classLoader)

    /** Returns why the library cannot be opened, and what to do. */
    fun whyNot(failure: Throwable): String {
        val reasons = reasonsOf(failure)
        return when {
            failure.cause is IllegalCallerException -> "the JVM denies access to native code; start it with --enable-native-access=$JNA_MODULE"
            "temporary" in reasons -> "$reasons; set the system property jna.tmpdir to a folder that can be written"
            NO_EXECUTION in reasons -> "$reasons; set the system property jna.tmpdir to a folder that is not mounted with noexec"
            else -> {
                val found = if (reasons.isEmpty()) "" else " ($reasons)"
                "its jar has one for linux-x86-64 with glibc; set the system property jna.library.path to the folder of another one$found"
            }
        }
    }

    /** Returns why the files that were found cannot be opened, without the long list of places that have none. */
    private fun reasonsOf(failure: Throwable): String = failure.message.orEmpty().lines()
        .filter { line -> "temporary" in line || NO_REASONS.none { it in line } }.distinct().joinToString("; ")

    private fun linkError(message: String, cause: Throwable?): UnsatisfiedLinkError {
        val error = UnsatisfiedLinkError(message)
        error.initCause(cause)
        return error
    }
}
