using CnnCodegen.Execution;

namespace CnnCodegen.Weights;

/// <summary>Reads a stream of known or unknown length into native memory.</summary>
internal static unsafe class StreamReading
{
    private const int Chunk = 1 << 20;

    /// <summary>The bytes from the stream's position to its end; the buffer may be longer than <paramref name="length"/>.</summary>
    public static NativeBuffer ReadToEnd(Stream stream, out long length)
    {
        long known = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        // One byte more than a known length, so that the end is seen without growing.
        NativeBuffer buffer = new(Aligned(Math.Max(known + 1, Chunk)));
        try
        {
            length = 0;
            while (true)
            {
                if (length == buffer.Bytes) buffer = Grow(buffer);
                int read = stream.Read(new Span<byte>(buffer.Pointer + length, (int)Math.Min(buffer.Bytes - length, Chunk)));
                if (read == 0) return buffer;
                length += read;
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static NativeBuffer Grow(NativeBuffer buffer)
    {
        NativeBuffer larger = new(2 * buffer.Bytes);
        Buffer.MemoryCopy(buffer.Pointer, larger.Pointer, larger.Bytes, buffer.Bytes);
        buffer.Dispose();
        return larger;
    }

    private static long Aligned(long bytes) => (bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;
}
