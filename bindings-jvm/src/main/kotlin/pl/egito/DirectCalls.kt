package pl.egito

import com.sun.jna.Memory
import com.sun.jna.Native
import com.sun.jna.Pointer
import java.lang.ref.Cleaner
import java.lang.ref.Reference
import java.nio.ByteBuffer
import kotlin.math.abs
import pl.egito.internal.EntityCall
import pl.egito.internal.FfiConverterString
import pl.egito.internal.FfiConverterTypeEntityCall
import pl.egito.internal.InternalException as BorderPanic
import pl.egito.internal.NativeEntity
import pl.egito.internal.RustBuffer
import pl.egito.internal.directBuffer
import pl.egito.internal.directBufferSize
import pl.egito.internal.directLargeResult

/**
 * Makes the blocking calls of an entity with integers as parameters, see `bindings-jvm/src/direct.rs`. They take a small part of the time
 * of [NativeEntity.run], for which JNA creates several structs.
 */
internal class DirectCalls(private val entity: NativeEntity) {
    private val handle = entity.uniffiCloneHandle()

    init {
        val handle = handle
        CLEANER.register(this) { DirectFunctions.free(handle) }
    }

    /** Runs a call, and returns its result. Throws as [NativeEntity.run]. */
    fun run(call: EntityCall): ByteArray {
        val size = FfiConverterTypeEntityCall.allocationSize(call)
        if (size > BUFFER_SIZE) return entity.run(call, null)
        val buffer = ThreadBuffer.current()
        buffer.write(call, size.toInt())
        val length = DirectFunctions.run(handle, size.toInt(), buffer.status)
        Reference.reachabilityFence(this)
        val result = buffer.read(abs(length).toInt())
        return if (length >= 0) result else throw exceptionOf(result)
    }

    private companion object {
        val CLEANER: Cleaner = Cleaner.create()
        val BUFFER_SIZE = directBufferSize().toULong()
    }
}

/** The buffer that the native library has for this thread, and frees when the thread ends. */
private class ThreadBuffer {
    val status = CallStatus()
    private val memory = Pointer(directBuffer())
    private val size = directBufferSize()

    fun write(call: EntityCall, size: Int) {
        val bytes = ByteBuffer.allocate(size)
        FfiConverterTypeEntityCall.write(call, bytes)
        memory.write(0, bytes.array(), 0, bytes.position())
    }

    fun read(length: Int): ByteArray = (if (length <= size) memory else Pointer(directLargeResult())).getByteArray(0, length)

    companion object {
        private val BUFFERS = ThreadLocal.withInitial(::ThreadBuffer)

        fun current(): ThreadBuffer = BUFFERS.get()
    }
}

/** The `RustCallStatus` of uniffi: a code, and the message of a panic. */
private class CallStatus {
    val memory = Memory(SIZE).also { it.clear() }

    /** Throws the panic of the last call, if it has panicked. */
    fun check() {
        if (memory.getByte(0) == 0.toByte()) return
        val message = RustBuffer.create(memory.getLong(8).toULong(), memory.getLong(16).toULong(), memory.getPointer(24))
        memory.clear()
        throw BorderPanic(if (message.data == null) "Rust panic" else FfiConverterString.lift(message))
    }

    private companion object {
        const val SIZE = 32L
    }
}

/** Functions of the native library whose parameters are integers and addresses. */
private object DirectFunctions {
    init {
        Native.register(DirectFunctions::class.java, NativeLibrary.jna)
    }

    /** Runs a call of the entity. Returns the size of its result, negative for an error. */
    fun run(entity: Long, size: Int, status: CallStatus): Long {
        val own = uniffi_egito_jvm_fn_clone_nativeentity(entity, status.memory) // the call frees it
        return uniffi_egito_jvm_fn_method_nativeentity_run_direct(own, size, status.memory).also { status.check() }
    }

    fun free(entity: Long): Unit = uniffi_egito_jvm_fn_free_nativeentity(entity, CallStatus().memory)

    private external fun uniffi_egito_jvm_fn_clone_nativeentity(entity: Long, status: Pointer): Long

    private external fun uniffi_egito_jvm_fn_free_nativeentity(entity: Long, status: Pointer)

    private external fun uniffi_egito_jvm_fn_method_nativeentity_run_direct(entity: Long, size: Int, status: Pointer): Long
}
