using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
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

    /// <summary>The header is read as the JSON reader of the base class library reads it.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Headers_are_JSON_if_and_only_if_the_library_says_so(int seed)
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """ {"__metadata__": {"é \u00e9\n\"\\\/":"\ud83d\ude00"}, "wéight":{"dtype":"F32","shape":[1, 0],"data_offsets":[0,0]}, "b":{"data_offsets":[0,0],"dtype":"I8","shape":[0]}} """);
        Random random = new(seed);
        int read = 0, malformed = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] text = i == 0 ? header : Mutate(header, random);
            string? problem = null;
            List<string> strings = [];
            try
            {
                using SafetensorsFile file = Safetensors.Read(Safetensors.Raw(text, 0));
                strings = [.. file.Metadata.SelectMany(pair => new[] { pair.Key, pair.Value }), .. file.Tensors.Select(tensor => tensor.Name)];
                read++;
            }
            catch (WeightFileException e)
            {
                problem = e.Message;
            }

            bool isMalformed = problem?.Contains("not valid JSON", StringComparison.Ordinal) ?? false;
            if (isMalformed) malformed++;
            // Other problems may stand before the place where the text is no JSON any more.
            if (problem is null) Assert.Equal(Strings(text).Order(StringComparer.Ordinal), strings.Order(StringComparer.Ordinal));
            if (isMalformed && Record.Exception(() => Strings(text).Count()) is null) Assert.Fail(problem + "\n" + Encoding.UTF8.GetString(text));
        }

        Assert.InRange(read, Mutations / 200, Mutations);
        Assert.InRange(malformed, Mutations / 50, Mutations);
    }

    /// <summary>The names of an object's properties, and what is in them, by the reader of the base class library.</summary>
    private static IEnumerable<string> Strings(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Name != "__metadata__") yield return property.Name;
            foreach (JsonProperty inner in property.Value.EnumerateObject())
            {
                string name = inner.Name, value = inner.Value.ToString();
                if (property.Name != "__metadata__") continue;
                yield return name;
                yield return value;
            }
        }
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
