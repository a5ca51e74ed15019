using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Weights;

public sealed class SafetensorsFuzzTests
{
    private const int Mutations = 6000;
    private const long MaxBytesEach = 200_000;

    private static readonly string[] _fragments =
        ["{", "}", "[", "]", ",", ":", "\"", "-1", "0", "1e9", "9223372036854775807", "18446744073709551616", "\\ud800", "null", "\"shape\"", "\"data_offsets\"", "F64", "__metadata__"];

    /// <summary>Whatever is done to a file, reading it either succeeds with tensors inside the file or throws the one exception.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutations_are_read_or_refused(int seed)
    {
        byte[] valid = Safetensors.Write(("conv.weight", [2, 3], new float[6]), ("conv.bias", [2], new float[2]), ("fc.weight", [1, 2], new float[2]));
        Random random = new(seed);
        int refused = 0;
        Stopwatch time = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = Mutate(valid, random);
            try
            {
                using SafetensorsFile read = Safetensors.Read(file);
                foreach (SafetensorsTensor tensor in read.Tensors)
                    if (tensor.Dtype == "F32") Assert.Equal(tensor.Bytes, 4L * read.Float32(tensor.Name).Length);
            }
            catch (WeightFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, Mutations / 2, Mutations);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Mutations * MaxBytesEach);
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        List<byte> file = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(file.Count);
            switch (random.Next(5))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: file.RemoveRange(at, Math.Min(random.Next(1, 20), file.Count - at)); break;
                case 3: file.InsertRange(at, Encoding.ASCII.GetBytes(_fragments[random.Next(_fragments.Length)])); break;
                default: file.InsertRange(at, file.GetRange(at, Math.Min(random.Next(1, 80), file.Count - at))); break;
            }
            if (file.Count == 0) break;
        }
        // Half of the time the length is made to fit again, so that the mutations reach the JSON.
        if (random.Next(2) == 0 && file.Count > 8 + 40) BitConverter.TryWriteBytes(CollectionsMarshal.AsSpan(file), (long)(file.Count - 8 - 40));
        return [.. file];
    }
}
