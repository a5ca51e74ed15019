using System.Globalization;

namespace CnnCodegen.Conformance.Tests;

public unsafe class GuardedMemoryTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(1000, true)]
    [InlineData(1024, true)]
    [InlineData(1025, true)]
    [InlineData(3000, false)]
    public void Every_element_can_be_read_and_written(int count, bool atEnd)
    {
        using GuardedMemory<float> memory = new(count, atEnd ? GuardedEdge.End : GuardedEdge.Start);
        Span<float> span = memory.Memory.Span;

        Assert.Equal(count, span.Length);
        Assert.Equal(-1, span.IndexOfAnyExcept(0f));
        span.Fill(3);
        Assert.Equal(-1, span.IndexOfAnyExcept(3f));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(1024, true)]
    [InlineData(1025, true)]
    [InlineData(2048, false)]
    public void Byte_beyond_the_edge_lies_on_an_inaccessible_page(int count, bool atEnd)
    {
        // Only Linux lists the access rights of a process in a file.
        if (!OperatingSystem.IsLinux()) return;
        using GuardedMemory<float> memory = new(count, atEnd ? GuardedEdge.End : GuardedEdge.Start);
        nuint first = (nuint)memory.Pointer, behind = (nuint)(memory.Pointer + count), page = (nuint)Environment.SystemPageSize;

        Assert.Equal("---p", Access(atEnd ? behind : first - 1));
        if (count == 0) return;
        Assert.Equal("rw-p", Access(atEnd ? behind - 1 : first));

        // The other edge is guarded from the next page boundary on.
        Assert.Equal("---p", Access(atEnd ? (first / page * page) - 1 : (behind + page - 1) / page * page));
    }

    [Fact]
    public void Multiples_of_64_bytes_are_aligned_to_64_bytes()
    {
        foreach (int count in new[] { 16, 48, 1024, 1040 })
        {
            using GuardedMemory<float> atEnd = new(count), atStart = new(count, GuardedEdge.Start);
            Assert.Equal(0u, (nuint)atEnd.Pointer % 64);
            Assert.Equal(0u, (nuint)atStart.Pointer % 64);
        }

        using GuardedMemory<float> odd = new(15);
        Assert.Equal(4u, (nuint)odd.Pointer % 64);
    }

    [Fact]
    public void Disposed_memory_is_refused()
    {
        GuardedMemory<float> memory = new(16);
        ((IDisposable)memory).Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan().Length);
    }

    /// <summary>The permissions of the mapping that holds an address, as the kernel lists them; empty where nothing is mapped.</summary>
    private static string Access(nuint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] fields = line.Split(' ', '-');
            nuint start = nuint.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            nuint end = nuint.Parse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (address >= start && address < end) return line.Split(' ')[1];
        }

        return "";
    }
}
