using System.Globalization;
using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

public sealed class NetworkProfileTests
{
    [Fact]
    public void Every_step_is_timed()
    {
        using NetworkHost host = Hosts.Open();
        float[] x = Hosts.Input(1), y = new float[ScaleProgram.Length];

        NetworkProfile profile = host.Profile([x.AsMemory()], [y.AsMemory()], 5);

        Assert.Equal(Hosts.Expected(x), y);
        Assert.Equal((5, 1, host.Info), (profile.Runs, profile.Threads, profile.Network));
        Assert.Equal(host.Info.Layers, profile.Layers.Select(time => time.Layer));
        Assert.All(profile.Layers, time => Assert.InRange(time.Microseconds, 0, 1e6));
        Assert.Equal(1, profile.Layers.Sum(time => time.Share), 9);
        Assert.True(profile.Microseconds > 0);
    }

    [Fact]
    public void At_least_one_run_is_needed()
    {
        using NetworkHost host = Hosts.Open();
        Memory<float> x = Hosts.Input(1), y = new float[ScaleProgram.Length];

        Assert.Throws<ArgumentOutOfRangeException>(() => host.Profile([x], [y], 0));
    }

    [Fact]
    public void The_table_does_not_depend_on_the_culture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            NetworkInfo info = new ScaleProgram(TargetIsa.Avx2).Info;
            NetworkProfile profile = new(info, [new LayerTime(info.Layers[0], 0.064, 0.25), new LayerTime(info.Layers[1], 1234.56, 0.75)], 1235, 7, 1);

            Assert.Equal(
                """
                Scale, Avx2, 1 thread, median of 7 runs
                step   layer            shape   algorithm      us  share  GFLOP/s
                scale  Mul per channel  1x4x16  direct        0.1  25.0%      2.0
                shift  Add 1            1x4x16  direct     1234.6  75.0%        -
                total                                      1235.0             0.0

                """, profile.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
