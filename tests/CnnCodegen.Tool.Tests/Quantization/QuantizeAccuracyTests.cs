using System.IO.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Quantization;
using CnnCodegen.Tool.Tests.Support;
using CnnCodegen.Tool.Verification;
using Xunit.Abstractions;

namespace CnnCodegen.Tool.Tests.Quantization;

/// <summary>What quantisation costs on data sets: top-1 of the integer network, and how often it decides as the float one.</summary>
public class QuantizeAccuracyTests(ITestOutputHelper output)
{
    private const int Batch = 100;

    /// <param name="model">A trained network with a batch of N.</param>
    /// <param name="share">The least top-1 and the least share of images of the same class as in float, in percent.</param>
    /// <param name="clipped">The same by entropy, which clips what is rare: a residual network loses by that.</param>
    [SharedDataTheory]
    [InlineData("lenet5-dns-original", 98.4, 98.4)]
    [InlineData("resnet20-cifar10", 99, 70)]
    public void Integers_decide_as_floats(string model, double share, double clipped)
    {
        (float[][] images, int[] labels, float[][] samples) = model.StartsWith("lenet", StringComparison.Ordinal) ? Digits() : Pictures();
        ImportOptions options = new("Net") { Dims = new Dictionary<string, int> { ["N"] = Batch } };
        ImportedNetwork floats = OnnxImporter.Import(OnnxModel.Read(Path.Combine(SharedData.Folder!, "models", model, "model.onnx")), options);
        int[] layers = [.. Enumerable.Range(0, floats.Model.Nodes.Count).Where(i => floats.Model.Nodes[i].Layer is WeightedLayer)];
        int[] values = NetworkQuantizer.Values(floats.Model, layers), expected = Classes(floats, images);
        foreach (CalibrationMethod method in Enum.GetValues<CalibrationMethod>())
        {
            IReadOnlyDictionary<int, Activation> grids = Calibration.Grids(floats, values, [.. Batches(samples)], method, share: 0.9999, TargetIsa.Avx2);
            int[] actual = Classes(NetworkQuantizer.Quantize(floats, layers, grids), images);
            double right = Share(actual, labels), same = Share(actual, expected);
            output.WriteLine($"{model}, {method}: top-1 {right:F2} %, in float {Share(expected, labels):F2} %, the same class {same:F2} %");
            Assert.InRange(Math.Min(right, same), method == CalibrationMethod.Entropy ? clipped : share, 100);
        }
    }

    private static double Share(int[] a, int[] b) => 100.0 * a.Zip(b, (x, y) => x == y ? 1 : 0).Sum() / a.Length;

    private static int[] Classes(ImportedNetwork network, float[][] images)
    {
        using NodeRunner runner = new(network, [.. network.Model.Outputs], TargetIsa.Avx2);
        return [.. Batches(images).SelectMany(batch => runner.Run(batch)[0].Chunk(10)).Select(scores => Array.IndexOf(scores, scores.Max()))];
    }

    private static IEnumerable<ReadOnlyMemory<float>[]> Batches(float[][] images) =>
        images.Chunk(Batch).Select(batch => new ReadOnlyMemory<float>[] { batch.SelectMany(image => image).ToArray() });

    /// <summary>2000 test digits, and 100 of training to calibrate with, in Caffe's scale.</summary>
    private static (float[][] Images, int[] Labels, float[][] Samples) Digits()
    {
        const int pixels = 28 * 28, count = 2000;
        byte[] labels = Unpacked("mnist/t10k-labels-idx1-ubyte.gz")[8..];
        return (Images("mnist/t10k-images-idx3-ubyte.gz", count), [.. labels.Take(count).Select(l => (int)l)], Images("mnist/train-images-idx3-ubyte.gz", 100));

        static float[][] Images(string file, int images) =>
            [.. Unpacked(file).Skip(16).Take(images * pixels).Chunk(pixels).Select(image => Array.ConvertAll(image, p => p / 256f))];
    }

    /// <summary>1000 pictures, and 100 others to calibrate with, less the mean and by the deviation of ImageNet.</summary>
    private static (float[][] Images, int[] Labels, float[][] Samples) Pictures()
    {
        const int pixels = 3 * 32 * 32;
        float[] mean = [0.485f, 0.456f, 0.406f], deviation = [0.229f, 0.224f, 0.225f];
        byte[][] records = [.. Unpacked("cifar10-sample/train-0000-1999.bin.gz").Chunk(pixels + 1)];
        float[][] images = [.. records.Select(r => r.Skip(1).Select((p, i) => ((p / 255f) - mean[i / 1024]) / deviation[i / 1024]).ToArray())];
        return (images[..1000], [.. records.Take(1000).Select(r => (int)r[0])], images[1000..1100]);
    }

    private static byte[] Unpacked(string file)
    {
        using GZipStream stream = new(File.OpenRead(Path.Combine(SharedData.Folder!, file)), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
